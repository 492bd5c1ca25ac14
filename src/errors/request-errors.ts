import { DistIOError } from './dist-io-error';

/** The slave has no task of this name. */
export class UnknownTaskError extends DistIOError {
  /** @internal */
  static readonly code = 'UNKNOWN_TASK';
  readonly code = UnknownTaskError.code;

  /** @internal */
  constructor(
    /** The name of the task. */
    readonly task: string,
    /** The slave that got the request, such as `slave 3 (resizer)`. */
    readonly slave: string,
    /** The names of the tasks that the slave has. */
    readonly offered: readonly string[],
  ) {
    const offer =
      offered.length === 0
        ? `It offers no task at all: does its file call slave.task(…) while it loads, or export a class with @Task methods?`
        : `It offers: ${offered.map((name) => `'${name}'`).join(', ')}.`;
    super(`${slave} has no task '${task}'. ${offer}`);
  }
}

/** No slave accepts work: no slave lives, or none of the selected ones accepts any. `cause`, where known, is the reason of one of them. */
export class NoSlaveError extends DistIOError {
  /** @internal */
  static readonly code = 'NO_SLAVE';
  readonly code = NoSlaveError.code;

  /** @internal */
  constructor(
    /** The task; null when no task was named. */
    readonly task: string | null,
    options?: ErrorOptions,
  ) {
    const aim = task === null ? '' : ` for the task '${task}'`;
    super(`No slave accepts work${aim}. Create one with master.createSlave(…), or select others.`, options);
  }
}

/** The method of a typed client belongs to more than one class of the slave. */
export class AmbiguousMethodError extends DistIOError {
  /** @internal */
  static readonly code = 'AMBIGUOUS_METHOD';
  readonly code = AmbiguousMethodError.code;

  /** @internal */
  constructor(
    /** The method that was called. */
    readonly method: string,
    /** The classes that have it. */
    readonly classes: readonly string[],
  ) {
    super(
      `More than one class of this slave has a task method '${method}': ${classes.join(', ')}. ` +
        `Say which one you mean: slave.as<${classes[0]}>('${classes[0]}').`,
    );
  }
}

/** A request was not answered within its `timeout`. The task's signal was aborted; a late answer is dropped and counted. */
export class TimeoutError extends DistIOError {
  /** @internal */
  static readonly code = 'TIMEOUT';
  readonly code = TimeoutError.code;

  /** @internal */
  constructor(
    /** The task. */
    readonly task: string,
    /** The slave that got the request; null when the time of a job or of a run of a pattern was up. */
    readonly slave: string | null,
    /** The timeout in ms: that of the whole job or run, when `slave` is null. */
    readonly timeout: number,
    /**
     * The state of the request: `'loading'` while its slave loads, `'queued'` until it is sent, then `'running'`. Pings and purges are
     * `'running'` while the slave is busy.
     */
    readonly phase: 'loading' | 'queued' | 'running' = 'running',
  ) {
    const what = slave === null ? `The work with the task '${task}' was not finished` : `The task '${task}' on ${slave} did not answer`;
    super(`${what} within ${timeout} ms${TIMEOUT_HINTS[phase]}`);
  }
}

/** The caller's `AbortSignal` was aborted. `cause` is the signal's reason. */
export class AbortError extends DistIOError {
  /** @internal */
  static readonly code = 'ABORTED';
  readonly code = AbortError.code;

  /** @internal */
  constructor(
    /** The task. */
    readonly task: string,
    /** The reason of the signal. */
    readonly reason: unknown,
  ) {
    super(`The request for the task '${task}' was aborted by its signal.`, { cause: reason });
  }
}

/** The options that limit what waits. */
export type QueueLimit = 'maxPending' | 'maxPendingBytes' | 'maxQueue';

/** A limit of pending requests or queued jobs is reached. The request was refused; nothing was sent. */
export class QueueFullError extends DistIOError {
  /** @internal */
  static readonly code = 'QUEUE_FULL';
  readonly code = QueueFullError.code;
  /** The option with the limit. */
  readonly option: QueueLimit;
  /** The limit: a number of requests or jobs, for `maxPendingBytes` in bytes. */
  readonly limit: number;

  /** @internal */
  constructor(
    /** The task. */
    readonly task: string,
    limits: Partial<Record<QueueLimit, number>>,
  ) {
    const [option, limit] = Object.entries(limits)[0] as [QueueLimit, number];
    super(`The task '${task}' was refused: the limit ${option}: ${limit} is reached. Wait for room with drained(), or raise the limit.`);
    this.option = option;
    this.limit = limit;
  }
}

/** The slave is paused and refuses requests until it resumes. */
export class SlavePausedError extends DistIOError {
  /** @internal */
  static readonly code = 'SLAVE_PAUSED';
  readonly code = SlavePausedError.code;

  /** @internal */
  constructor(
    /** The task that was refused. */
    readonly task: string,
    /** The slave, such as `slave 3 (resizer)`. */
    readonly slave: string,
  ) {
    super(`${slave} is paused and refused the task '${task}'. Ask again after it has called slave.resume().`);
  }
}

const TIMEOUT_HINTS = {
  loading: ': the slave has not finished loading. Give it a longer timeout, or wait for ready() first.',
  queued: ': it was still waiting for its turn. Give it a longer timeout, or give the work more slaves or more concurrency.',
  running: '. Give it a longer timeout, or find out what it waits for.',
};
