import type { Done } from '../protocol/done';
import type { Streamable } from '../protocol/streamable';
import type { Slave } from './slave';

export type { Done, Streamable };

/**
 * What a task may know about the request that it answers.
 *
 * @typeParam Progress the type of what it tells on the way
 */
export interface TaskContext<Progress = unknown> {
  /** The caller's metadata: every key that dist-io does not use itself. */
  readonly metadata: Readonly<Record<string, unknown>>;
  /** Aborted when the caller no longer waits: its timeout has passed, its own signal was aborted, or it reads no further. */
  readonly signal: AbortSignal;
  /** Which try this is: 1, 2, … */
  readonly attempt: number;
  /** Unique among the requests of this slave. */
  readonly requestId: number;
  /** The slave that runs the task. */
  readonly slave: Slave;
  /**
   * Tells the caller how far the task has come: any value that travels. They arrive in order and before the result; when the caller
   * is slower than the task, some are left out, but never the last one.
   *
   * @throws SerializationError, PayloadTooLargeError for a value that cannot travel
   * @example
   * ```js
   * slave.task('import', async (files) => {
   *   const { progress } = Slave.context();
   *   for (const [i, file] of files.entries()) {
   *     await load(file);
   *     progress(i / files.length);
   *   }
   * });
   * ```
   */
  readonly progress: (value: Progress) => void;
}

/**
 * The function behind a task. When it completes:
 *
 * 1. It returns a promise, as each `async` function does: when that settles, with its value, `undefined` included.
 * 2. It returns a generator, an async iterable or a Readable: when that has ended. Its items are sent one by one, as fast as the caller
 *    reads.
 * 3. It returns anything else and declares `done` (two parameters or more): when `done` is called. The returned value is ignored.
 * 4. It returns anything else and does not declare `done`: at once, with the returned value.
 *
 * A throw always completes the task, and `done` completes it before its promise does. The first completion counts; one warning for each
 * task tells of a later one. When the caller's data is a stream, `data` is an async iterable of its items.
 */
export type Handler<Data = unknown, Result = unknown> = (data: Data, done: Done<Result>, context: TaskContext) => unknown;
