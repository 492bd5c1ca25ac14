/**
 * Everything that master and slave say to each other. A request is answered by exactly one of `value`, `error`, `refused` or `end`
 * of the same id; before `end` come the items of a stream, and before any of them what progress there is to tell.
 *
 * A stream flows by credits: whoever reads has said how many items may be under way, and says `credit` as it has read some.
 */

/** Said by the master. */
export type ToSlave = SlaveData | Request | Cancel | SetGroup | Ping | Purge | Exit | Kill | Item | End | Thrown | Credit;

/** Said by the slave. */
export type ToMaster =
  Ready | NewTasks | Crash | Value | Thrown | Refused | Progress | Pong | Purged | Item | End | Credit | CancelInput | LostOutput;

/** How many items of a stream may be under way when a request does not say. */
export const DEFAULT_WINDOW = 256;

/** How many words of progress may be under way. */
export const PROGRESS_WINDOW = 32;

/** The option `data` of the slave: before all other messages, and read before the user's file loads. Only when there is such data. */
export interface SlaveData {
  type: 'data';
  data: unknown;
}

export interface Request {
  type: 'request';
  id: number;
  task: string;
  data: unknown;
  /** Which try this is: 1, 2, … */
  attempt: number;
  /** The caller's own metadata, or null when there is none. */
  metadata: Record<string, unknown> | null;
  /** How many items may be under way, in both directions, when not {@link DEFAULT_WINDOW}. */
  window?: number;
  /** The data is a stream, whose items follow; `data` is undefined. */
  input?: true;
}

/** The caller no longer waits: its time ran out, its signal was aborted, or it reads no further. */
export interface Cancel {
  type: 'cancel';
  id: number;
  reason: 'timeout' | 'abort' | 'reader-left';
  /** The reason that the caller's signal gave, if it can travel. */
  cause?: unknown;
}

export interface SetGroup {
  type: 'set-group';
  group: string | null;
}

/** Are you there? Answered by `alive` of the same id, paused or not. */
export interface Ping {
  type: 'ping';
  id: number;
}

/**
 * Forget what you remember: of these files, by their absolute paths, and of the tasks of these names; of everything when both lists are
 * empty. Answered by `purged` of the same id, paused or not.
 */
export interface Purge {
  type: 'purge';
  id: number;
  files: readonly string[];
  tasks: readonly string[];
}

/** Finish what is running, or abort it; then end. */
export interface Exit {
  type: 'exit';
  pending: 'finish' | 'abort';
}

/** End by a signal that the slave ignores when it comes from elsewhere. */
export interface Kill {
  type: 'kill';
  signal: NodeJS.Signals;
}

/** The slave's script has loaded. */
export interface Ready {
  type: 'ready';
  tasks: TaskInfo[];
}

/** Tasks registered after the script had loaded. */
export interface NewTasks {
  type: 'tasks';
  tasks: TaskInfo[];
}

export interface TaskInfo {
  name: string;
  /** The class and method behind the task, when there is one: typed clients find their task by it. */
  className?: string;
  methodName?: string;
  /** How its requests are executed when their metadata do not say. */
  defaults?: TaskDefaults;
}

/** Defaults of a task, as its slave announces them: each overrides the option of the slave and the master. */
export interface TaskDefaults {
  /** In ms; `Infinity` is without limit. */
  timeout?: number;
  retries?: number;
  /** Whether the task may run more than once for one request. */
  idempotent?: boolean;
  cancel?: 'signal' | 'kill';
  /** In ms. */
  grace?: number;
}

/** An exception that nothing caught is about to end the slave. */
export interface Crash {
  type: 'crash';
  error: unknown;
}

/** The process ends before its output could be written. */
export interface LostOutput {
  type: 'lost output';
  /** How much, in bytes. */
  bytes: number;
}

export interface Value {
  type: 'value';
  id: number;
  value: unknown;
}

/** One more of a stream: of what the task makes, or of the data that it gets. */
export interface Item {
  type: 'item';
  id: number;
  value: unknown;
}

/** There are no more items. */
export interface End {
  type: 'end';
  id: number;
}

/** So many more items, or words of progress, may be sent. */
export interface Credit {
  type: 'credit';
  id: number;
  of: 'items' | 'progress';
  count: number;
}

/** The task reads no more of the items that it gets. */
export interface CancelInput {
  type: 'cancel-input';
  id: number;
}

/** What the task threw, or what the source of its data threw. */
export interface Thrown {
  type: 'error';
  id: number;
  error: unknown;
}

/** The slave itself, not the task, says no. */
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

export interface Pong {
  type: 'pong';
  id: number;
  /** How long the slave has lived, in ms. */
  uptime: number;
  /** In bytes. */
  memory: Record<string, number>;
}

/** What was freed. */
export interface Purged {
  type: 'purged';
  id: number;
  /** How many files were forgotten. */
  files: number;
  /** How many results of tasks. */
  results: number;
  /** How many bytes they had together. */
  bytes: number;
}

export interface Progress {
  type: 'progress';
  id: number;
  value: unknown;
}
