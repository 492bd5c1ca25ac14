import { integerFrom, object, type OptionReader, readOptions } from '../option-rules';
import { type Duration, type Size, toBytes, toMilliseconds } from '../units';

/** How a slave's processes are watched: whether they respond, and when they are replaced by fresh ones. */
export interface MonitorOptions {
  /**
   * Ends a slave whose thread stays blocked for longer than `within`: ms or a string such as `'5s'`. The slave is asked on its own event
   * loop, so that one that works without blocking it is never taken for dead. Default: it may be blocked for any time.
   */
  responsive?: {
    /** How long it may block its thread: ms or a string such as `'5s'`. */
    within: Duration;
  };
  /**
   * Replaces the process after this number of tasks. Here and with the next two options, the replacement is loaded before the old process
   * stops taking work, running tasks finish, and each process gets a limit up to 10 % lower at random, so that they are not all replaced at
   * once. Default: no limit.
   */
  maxTasks?: number;
  /**
   * Replaces the process once it takes more memory: bytes or a string such as `'512mb'`; of a process what it has in memory (`rss`), of a
   * thread its heap and buffers. Checked every second. It has no effect on an inline slave. Default: no limit.
   */
  maxMemory?: Size;
  /** Replaces the process after this time: ms or a string such as `'1h'`. Default: no limit. */
  maxAge?: Duration;
}

/** The options of the monitor with their defaults: durations in ms, sizes in bytes, `Infinity` for no limit. */
export interface ResolvedMonitorOptions {
  /** Whether a slave is ended that blocks its thread. */
  responsive: {
    /** How long it may block its thread, in ms. */
    readonly within: number;
  };
  /** The number of tasks after which the process is replaced. */
  maxTasks: number;
  /** The memory beyond which the process is replaced, in bytes. */
  maxMemory: number;
  /** The time after which the process is replaced, in ms. */
  maxAge: number;
}

export const MONITOR_DEFAULTS: ResolvedMonitorOptions = {
  responsive: Object.freeze({ within: Infinity }),
  maxTasks: Infinity,
  maxMemory: Infinity,
  maxAge: Infinity,
};

export const MONITOR_RULES = {
  responsive: (value: { within: Duration }, option: string) =>
    Object.freeze({ within: Infinity, ...readOptions(object(value, option), { within: toMilliseconds }) }),
  maxTasks: (value: number, option: string) => (value === Infinity ? value : integerFrom(1)(value, option)),
  maxMemory: toBytes,
  maxAge: toMilliseconds,
} satisfies Record<keyof MonitorOptions, OptionReader>;
