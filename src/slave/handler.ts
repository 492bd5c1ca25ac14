import type { Done } from '../protocol/done';
import type { Streamable } from '../protocol/streamable';
import type { Slave } from './slave';

export type { Done, Streamable };

/**
 * The context of a running task: the request that it answers, and the means to report progress.
 *
 * @typeParam Progress the type of the progress values
 */
export interface TaskContext<Progress = unknown> {
  /** The caller's metadata, without the keys that dist-io uses itself. */
  readonly metadata: Readonly<Record<string, unknown>>;
  /**
   * Aborted when the caller no longer waits, because of its timeout or its signal or because it stopped reading, and when the slave exits
   * with `pending: 'abort'`.
   */
  readonly signal: AbortSignal;
  /** The number of this attempt: 1, 2, … */
  readonly attempt: number;
  /** Unique among the requests of this slave. */
  readonly requestId: number;
  /** The slave that runs the task. */
  readonly slave: Slave;
  /**
   * Reports progress to the caller: any value that can be sent. The values arrive in order and before the result. If the caller is slower
   * than the task, some are dropped, but never the last one.
   *
   * @throws SerializationError, PayloadTooLargeError for a value that cannot be sent
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
 * The function behind a task. The returned value decides when the task completes:
 *
 * 1. A promise, as each `async` function returns: when it settles, with its value, `undefined` included.
 * 2. A generator, an async iterable or a Readable: when it has ended. Its items are sent one by one, as fast as the caller reads.
 * 3. Anything else, and the handler declares `done` (two parameters or more): when `done` is called. The returned value is ignored.
 * 4. Anything else, and the handler does not declare `done`: at once, with the returned value.
 *
 * An exception always completes the task, and so does `done`, even before the promise settles. The first completion counts; a later one
 * causes one warning for each task. If the caller's data is a stream, `data` is an async iterable of its items.
 */
export type Handler<Data = unknown, Result = unknown> = (data: Data, done: Done<Result>, context: TaskContext) => unknown;
