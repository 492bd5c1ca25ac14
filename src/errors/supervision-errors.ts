import { DistIOError } from './dist-io-error';

/** A slave has been restarted more often than its `intensity` allows, and is not tried again for now, or never. `cause` is its last end. */
export class RestartIntensityError extends DistIOError {
  /** @internal */
  static readonly code = 'RESTART_INTENSITY';
  readonly code = RestartIntensityError.code;
  /** The number of restarts that are allowed within `period`. */
  readonly intensity: number;
  /** In ms. */
  readonly period: number;
  /** Whether the task may have run, wholly or in part, in any attempt. */
  readonly mayHaveExecuted: boolean;

  /** @internal */
  constructor(
    /** The slave, such as `slave 3 (resizer)`. */
    readonly slave: string,
    { intensity, period, mayHaveExecuted, cause }: { intensity: number; period: number; mayHaveExecuted: boolean; cause: Error },
  ) {
    super(
      `${slave} was restarted more than ${intensity} times within ${period} ms. Its last end is the cause: mend that, or raise its intensity.`,
      { cause },
    );
    this.intensity = intensity;
    this.period = period;
    this.mayHaveExecuted = mayHaveExecuted;
  }
}

/** The task was running each time when several slaves in a row died, so it is not run again. `cause` is the last death. */
export class PoisonTaskError extends DistIOError {
  /** @internal */
  static readonly code = 'POISON_TASK';
  readonly code = PoisonTaskError.code;
  /** The task may have run, wholly or in part, in each attempt. */
  readonly mayHaveExecuted = true;

  /** @internal */
  constructor(
    /** The name of the task. */
    readonly task: string,
    /** The number of deaths in a row during which it was running. */
    readonly attempts: number,
    cause: Error,
  ) {
    super(`The task '${task}' was running when a slave died, ${attempts} times in a row. The last death is the cause.`, { cause });
  }
}
