/**
 * The messages between master and slave. A request is answered by exactly one of `value`, `error`, `refused` or `end` with the same id.
 * The items of a stream precede its `end`; progress updates precede all of these.
 *
 * Streams use credit-based flow control: the reader sets a window of items in flight, and sends `credit` after it has read some.
 */

/** Messages from the master to a slave. */
export type ToSlave = SlaveData | Request | Revoke | Cancel | Identity | Ping | Purge | Exit | Kill | Item | End | Thrown | Credit;

/** Messages from a slave to the master. */
export type ToMaster =
  Ready | NewTasks | Crash | Value | Thrown | Refused | Progress | Pace | Pong | Purged | Item | End | Credit | CancelInput | LostOutput;

/** Items of a stream in flight, if the request has no `window`. */
export const DEFAULT_WINDOW = 256;

/** Progress updates in flight. */
export const PROGRESS_WINDOW = 32;

/** The option `data` of the slave. If present, it is the first message and is read before the user's file loads. */
export interface SlaveData {
  type: 'data';
  data: unknown;
}

export interface Request {
  type: 'request';
  id: number;
  task: string;
  data: unknown;
  /** Number of the attempt, from 1. */
  attempt: number;
  /** The caller's own metadata; null if there are none. */
  metadata: Record<string, unknown> | null;
  /** Items in flight in each direction. Default: {@link DEFAULT_WINDOW}. */
  window?: number;
  /** The data is a stream: `data` is undefined, and the items follow. */
  input?: true;
  /** Set for a request that is handed ahead: it begins once fewer tasks are running. It has a position: see `Claims`. */
  limit?: number;
}

/** Takes back what was handed ahead and has not begun. */
export interface Revoke {
  type: 'revoke';
  /** The position that was revoked: see `Claims`. */
  revoked: number;
  /** The first position whose request the master has taken back. Those before it go on. */
  first: number;
}

/** Cancels a request: it timed out, its signal was aborted, or the caller stopped reading. */
export interface Cancel {
  type: 'cancel';
  id: number;
  reason: 'timeout' | 'abort' | 'reader-left';
  /** The `reason` of the caller's signal, if it can be sent. */
  cause?: unknown;
}

/** Who the slave is from now on: its group has changed, or it was a spare and takes the place of another slave. */
export interface Identity {
  type: 'identity';
  id: number;
  alias: string | null;
  group: string | null;
}

/** Checks that the slave responds. Answered by `pong` with the same id, even while the slave is paused. */
export interface Ping {
  type: 'ping';
  id: number;
}

/**
 * Empties the caches of the slave: for these files (absolute paths) and tasks (names), or all of them if both lists are empty. Answered
 * by `purged` with the same id, even while the slave is paused.
 */
export interface Purge {
  type: 'purge';
  id: number;
  files: readonly string[];
  tasks: readonly string[];
}

/** Finishes or aborts the running tasks, then ends the slave. */
export interface Exit {
  type: 'exit';
  pending: 'finish' | 'abort';
}

/** Ends the slave by a signal that it ignores when other processes send it. */
export interface Kill {
  type: 'kill';
  signal: NodeJS.Signals;
}

/** The slave's script has loaded. */
export interface Ready {
  type: 'ready';
  tasks: TaskInfo[];
}

/** Tasks that were registered after the script had loaded. */
export interface NewTasks {
  type: 'tasks';
  tasks: TaskInfo[];
}

export interface TaskInfo {
  name: string;
  /** Class and method of the task, if any. Typed clients find the task by them. */
  className?: string;
  methodName?: string;
  /** Defaults for the metadata of its requests. */
  defaults?: TaskDefaults;
}

/** Defaults of a task. Each overrides the same option of the slave and the master. */
export interface TaskDefaults {
  /** In ms. `Infinity` means no limit. */
  timeout?: number;
  retries?: number;
  /** Whether the task may be executed more than once for one request. */
  idempotent?: boolean;
  cancel?: 'signal' | 'kill';
  /** In ms. */
  grace?: number;
}

/** An uncaught exception is about to end the slave. */
export interface Crash {
  type: 'crash';
  error: unknown;
}

/** The process ends before all of its output is written. */
export interface LostOutput {
  type: 'lost output';
  /** The lost output, in bytes. */
  bytes: number;
}

export interface Value {
  type: 'value';
  id: number;
  value: unknown;
}

/** An item of a stream, either of the result or of the data. */
export interface Item {
  type: 'item';
  id: number;
  value: unknown;
}

/** The end of a stream. */
export interface End {
  type: 'end';
  id: number;
}

/** Allows `count` more items or progress updates to be sent. */
export interface Credit {
  type: 'credit';
  id: number;
  of: 'items' | 'progress';
  count: number;
}

/** The task has stopped reading its data stream. */
export interface CancelInput {
  type: 'cancel-input';
  id: number;
}

/** The error that the task, or the source of its data, threw. */
export interface Thrown {
  type: 'error';
  id: number;
  error: unknown;
}

/** The slave refuses a request before the task runs, or cannot send its result. */
export interface Refused {
  type: 'refused';
  id: number;
  refusal: Refusal;
}

export type Refusal =
  | { reason: 'unknown task' }
  | { reason: 'paused' }
  | { reason: 'not serializable'; path: string; found: string }
  | { reason: 'too large'; size: number; limit: number };

/** How long the tasks of the slave take. Sent when it has changed considerably. */
export interface Pace {
  type: 'pace';
  /** The moving average of their running time, in ms. */
  mean: number;
}

export interface Pong {
  type: 'pong';
  id: number;
  /** Time since the slave started, in ms. */
  uptime: number;
  /** In bytes. */
  memory: Record<string, number>;
  /** The longest delay of its event loop since the last ping, in ms, and the share of that time in which it was not idle. */
  eventLoop: { delay: number; utilization: number };
}

/** The answer to `purge`. */
export interface Purged {
  type: 'purged';
  id: number;
  /** Number of files removed from the cache. */
  files: number;
  /** Number of task results removed from the cache. */
  results: number;
  /** Their total size, in bytes. */
  bytes: number;
}

export interface Progress {
  type: 'progress';
  id: number;
  value: unknown;
}
