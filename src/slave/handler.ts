import type { Done } from '../protocol/done';
import type { Slave } from './slave';

export type { Done };

/** What a task may know about the request that it answers. */
export interface TaskContext {
  /** The caller's metadata: every key that dist-io does not use itself. */
  readonly metadata: Readonly<Record<string, unknown>>;
  /** Aborted when the caller no longer waits: its timeout has passed or its own signal was aborted. */
  readonly signal: AbortSignal;
  /** Which try this is: 1, 2, … */
  readonly attempt: number;
  /** Unique among the requests of this slave. */
  readonly requestId: number;
  /** The slave that runs the task. */
  readonly slave: Slave;
}

/**
 * The function behind a task.
 *
 * The task completes at the first of: `done(…)`; a throw or a rejection; a returned or resolved value that is not
 * `undefined`; or, for a handler that declares fewer than two parameters, plainly returning. A handler that declares `done`
 * and returns `undefined` is still running.
 */
export type Handler<Data = unknown, Result = unknown> = (data: Data, done: Done<Result>, context: TaskContext) => unknown;
