import { readOptions } from '../option-rules';
import { type Duration, toMilliseconds } from '../units';

/** The answer to `slave.ping()`. */
export interface PingReport {
  /** The time from the ping to its answer, in ms. A busy slave answers late. */
  readonly roundTrip: number;
  /** The time since the slave was ready, in ms. */
  readonly uptime: number;
  /** The result of `process.memoryUsage()` in the slave, in bytes. The `rss` of a thread is that of the master's process. */
  readonly memory: Readonly<NodeJS.MemoryUsage>;
  /** Its event loop since the last ping, the first time since that ping. */
  readonly eventLoop: {
    /** The longest delay, in ms. */
    readonly delay: number;
    /** The share of time in which it was not idle, from 0 to 1. */
    readonly utilization: number;
  };
}

/** @throws TypeError */
export function readPingOptions(options: { timeout?: Duration } = {}): { timeout?: number } {
  return readOptions(options, { timeout: toMilliseconds });
}
