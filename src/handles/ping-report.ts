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
  /** Its event loop since the last ping, the first time since that ping: the longest delay in ms, and the share of time, from 0 to 1, in which it was not idle. */
  readonly eventLoop: { readonly delay: number; readonly utilization: number };
}

/** @throws TypeError */
export function readPingOptions(options: { timeout?: Duration } = {}): { timeout?: number } {
  return readOptions(options, { timeout: toMilliseconds });
}
