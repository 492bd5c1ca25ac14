import type { Done } from '../protocol/done';
import type { Slave } from './slave';

export type { Done };

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
   * slave.task('import', async (files, done, { progress }) => {
   *   for (const [i, file] of files.entries()) {
   *     await load(file);
   *     progress(i / files.length);
   *   }
   *   done();
   * });
   * ```
   */
  readonly progress: (value: Progress) => void;
}

/**
 * The function behind a task.
 *
 * The task completes at the first of: `done(…)`; a throw or a rejection; a returned or resolved value that is not
 * `undefined`; or, for a handler that declares fewer than two parameters, plainly returning. A handler that declares `done`
 * and returns `undefined` is still running.
 *
 * What is a generator's, an async iterable or a Readable is sent item by item, as fast as the caller reads, and the task is complete
 * when it has ended. When the caller's data is a stream, `data` is an async iterable of its items.
 */
export type Handler<Data = unknown, Result = unknown> = (data: Data, done: Done<Result>, context: TaskContext) => unknown;
