/**
 * Everything that master and slave say to each other. A request is answered by exactly one of `value`, `error` or
 * `refused` of the same id. Streams will add `item`, `end` and `credit` beside `progress`.
 */

/** Said by the master. */
export type ToSlave = Request | Cancel | Regroup | Ack | Purge | Exit;

/** Said by the slave. */
export type ToMaster = Ready | Offer | Crash | Value | Failure | Refused | Progress | Alive | Purged;

export interface Request {
  type: 'request';
  id: number;
  task: string;
  data: unknown;
  /** Which try this is: 1, 2, … */
  attempt: number;
  /** The caller's own metadata, or null when there is none. */
  metadata: Record<string, unknown> | null;
}

/** The caller no longer waits: its time ran out or its signal was aborted. */
export interface Cancel {
  type: 'cancel';
  id: number;
  reason: 'timeout' | 'abort';
}

export interface Regroup {
  type: 'regroup';
  group: string | null;
}

/** Are you there? Answered by `alive` of the same id, paused or not. */
export interface Ack {
  type: 'ack';
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

/** Finish what is running, then end. */
export interface Exit {
  type: 'exit';
}

/** The slave's script has loaded. */
export interface Ready {
  type: 'ready';
  tasks: TaskOffer[];
}

/** Tasks registered after the script had loaded. */
export interface Offer {
  type: 'offer';
  tasks: TaskOffer[];
}

export interface TaskOffer {
  name: string;
  /** The class and method behind the task, when there is one: typed clients find their task by it. */
  className?: string;
  methodName?: string;
}

/** An exception that nothing caught is about to end the slave. */
export interface Crash {
  type: 'crash';
  error: unknown;
}

export interface Value {
  type: 'value';
  id: number;
  value: unknown;
}

/** What the task threw. */
export interface Failure {
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
  | { why: 'unknown task' }
  | { why: 'paused' }
  | { why: 'not serializable'; path: string; found: string }
  | { why: 'too large'; size: number; limit: number };

export interface Alive {
  type: 'alive';
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
