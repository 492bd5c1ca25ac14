import { integerFrom, type OptionReader, satisfying } from '../../option-rules';
import { type Duration, toMilliseconds } from '../../units';

/** The options of a workpool. */
export interface WorkpoolOptions {
  /** Number of jobs that a member gets at the same time. Default: 1. */
  concurrency?: number;
  /** Number of jobs that may wait; 0 means none. Beyond it, `do` fails with a `QueueFullError`; `map` and `while` wait. Default: no limit. */
  maxQueue?: number;
  /** Time that jobs wait for a new member after the last has left: ms, 0, `Infinity` or a string such as `'10s'`. Default: `'5s'`. */
  refillTimeout?: Duration;
  /**
   * Time limit of a job, including its time in the queue: ms or a string such as `'10s'`; zero or less means no limit. The metadata and the
   * defaults of the task override it. Default: the slave's `timeout`, which excludes the queue.
   */
  timeout?: Duration;
}

export const WORKPOOL_RULES = {
  concurrency: integerFrom(1),
  maxQueue: satisfying(
    'a whole number',
    (value): value is number => value === Infinity || (Number.isInteger(value) && (value as number) >= 0),
  ),
  refillTimeout: (value: Duration, option: string) => (typeof value === 'number' && value <= 0 ? 0 : toMilliseconds(value, option)),
  timeout: toMilliseconds,
} satisfies Record<keyof WorkpoolOptions, OptionReader>;
