import { DistIOError } from './dist-io-error';

/** A durable queue cannot be used: its server has no JetStream, refuses, or the connection was closed. */
export class DurableQueueError extends DistIOError {
  /** @internal */
  static readonly code = 'DURABLE_QUEUE';
  readonly code = DurableQueueError.code;

  /** @internal */
  constructor(
    /** The name of the queue. */
    readonly queue: string,
    detail: string,
    cause?: unknown,
  ) {
    super(`The durable queue '${queue}' ${detail}`, cause === undefined ? undefined : { cause });
  }
}

/** A durable job has failed in all its attempts. It is kept as a dead letter: see `DurableQueue#dead`. The last error is the `cause`. */
export class JobFailedError extends DistIOError {
  /** @internal */
  static readonly code = 'JOB_FAILED';
  readonly code = JobFailedError.code;
  /** The error of the last attempt. */
  declare readonly cause: Error;

  /** @internal */
  constructor(
    /** The id of the job. */
    readonly job: string,
    /** How often it was attempted. */
    readonly attempts: number,
    cause: Error,
  ) {
    const times = attempts === 1 ? 'its only attempt' : `${attempts} attempts`;
    super(`The job ${job} has failed in ${times}: ${cause.message}. It is a dead letter: resubmit('${job}') runs it again.`, { cause });
  }
}

/** There is no such job: it was never submitted, or its result has been removed after `keepResults`. */
export class UnknownJobError extends DistIOError {
  /** @internal */
  static readonly code = 'UNKNOWN_JOB';
  readonly code = UnknownJobError.code;

  /** @internal */
  constructor(
    /** The id that was asked for. */
    readonly job: string,
    /** The name of the queue. */
    readonly queue: string,
    detail: string,
  ) {
    super(`The durable queue '${queue}' has no job '${job}': ${detail}`);
  }
}
