import { integerFrom, object, oneOf, type OptionReader, readOptions, satisfying } from '../option-rules';
import { type Duration, toMilliseconds } from '../units';

/**
 * Whether a slave that has ended is started again: `'permanent'` always, `'transient'` unless it ended by itself with exit code 0,
 * `'temporary'` never. A slave that its master has ended is not. The names are those of Erlang/OTP.
 */
export type Restart = 'permanent' | 'transient' | 'temporary';

/**
 * Which slaves of a group are restarted when one has ended: `'one_for_one'` only that one, `'one_for_all'` all of them, `'rest_for_one'`
 * that one and those created after it. The names are those of Erlang/OTP.
 */
export type Strategy = 'one_for_one' | 'one_for_all' | 'rest_for_one';

/** The pauses before restarts. The names are those of Temporal. */
export interface BackoffOptions {
  /** The pause before the second restart in a row: ms or a string. The first follows at once. Default: 100 ms. */
  initialInterval?: Duration;
  /** The factor from one pause to the next. Default: 2. */
  backoffCoefficient?: number;
  /** The longest pause: ms or a string. Default: `'10s'`. */
  maximumInterval?: Duration;
  /** By what share, from 0 to 1, each pause varies at random, so that slaves that died together do not start together. Default: 0.2. */
  jitter?: number;
}

/** How slaves are restarted. */
export interface RestartOptions {
  /** Whether a slave that has ended is started again. Default: `'temporary'`, that is never; for the slaves of `createPool` `'permanent'`. */
  restart?: Restart;
  /** Which slaves of one `createSlaves` are restarted when one has ended. Default: `'one_for_one'`. */
  strategy?: Strategy;
  /**
   * The number of restarts within `period`, for all slaves of one `createSlaves` together, beyond which they are given up with a
   * `RestartIntensityError`. For the slaves of `createPool`, it counts for each slave the restarts before it had completed a task, and a
   * slave beyond it is started again every `maximumInterval`. Default: 3.
   */
  intensity?: number;
  /** The time in which `intensity` counts: ms or a string. Default: `'5s'`. */
  period?: Duration;
  /** The pauses before restarts. */
  backoff?: BackoffOptions;
  /**
   * The number of processes that are kept started and loaded behind the slaves of one `createSlaves` or `createPool`: one that ends is
   * replaced at once. While it loads, a spare does not know whose place it will take: its `Slave.id` is -1. Default: 0.
   */
  spares?: number;
}

/** The backoff with its defaults: intervals in ms. */
export type Backoff = Required<{ [Name in keyof BackoffOptions]: number }>;

/** The restart options with their defaults: durations in ms. */
export interface ResolvedRestartOptions {
  /** Whether a slave that has ended is started again. */
  restart: Restart;
  /** Which slaves of a group are restarted when one has ended. */
  strategy: Strategy;
  /** The number of restarts within `period` beyond which slaves are given up. */
  intensity: number;
  /** In ms. */
  period: number;
  /** The pauses before restarts, in ms. */
  backoff: Backoff;
  /** The number of processes that are kept loaded behind the slaves. */
  spares: number;
}

const DEFAULT_BACKOFF: Backoff = Object.freeze({ initialInterval: 100, backoffCoefficient: 2, maximumInterval: 10_000, jitter: 0.2 });

/** OTP's default is one restart in 5 s, which a burst of requests that each end a slave exceeds before anybody could look. */
export const RESTART_DEFAULTS: ResolvedRestartOptions = {
  restart: 'temporary',
  strategy: 'one_for_one',
  intensity: 3,
  period: 5000,
  backoff: DEFAULT_BACKOFF,
  spares: 0,
};

const between = (least: number, most: number) =>
  satisfying(
    most === Infinity ? `a number of at least ${least}` : `a number from ${least} to ${most}`,
    (value): value is number => typeof value === 'number' && value >= least && value <= most && value !== Infinity,
  );

/** A pause, of which 0 is none. */
const pause = (value: Duration, option: string): number => (value === 0 ? 0 : toMilliseconds(value, option));

const BACKOFF_RULES = {
  initialInterval: pause,
  backoffCoefficient: between(1, Infinity),
  maximumInterval: pause,
  jitter: between(0, 1),
} satisfies Record<keyof BackoffOptions, OptionReader>;

/** The restart options of a slave. */
export const RESTART_RULES = {
  restart: oneOf<Restart>('permanent', 'transient', 'temporary'),
  strategy: oneOf<Strategy>('one_for_one', 'one_for_all', 'rest_for_one'),
  intensity: satisfying(
    'a whole number, or Infinity',
    (value): value is number => value === Infinity || (Number.isSafeInteger(value) && (value as number) >= 0),
  ),
  period: toMilliseconds,
  spares: integerFrom(0),
  backoff: (value: BackoffOptions, option: string): Backoff =>
    Object.freeze({ ...DEFAULT_BACKOFF, ...readOptions(object(value, option), BACKOFF_RULES) }),
} satisfies Record<keyof RestartOptions, OptionReader>;
