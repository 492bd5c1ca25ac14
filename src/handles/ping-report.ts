import { readOptions } from '../option-rules';
import { type Duration, toMilliseconds } from '../units';

/** The answer to `slave.ping()`. */
export interface PingReport {
  /** How long it took to ask and be answered, in ms: a slave that is busy answers late. */
  readonly roundTrip: number;
  /** How long the slave has been ready, in ms. */
  readonly uptime: number;
  /** The memory of its process, in bytes, as `process.memoryUsage()` gives it: of a thread, `rss` is the master's. */
  readonly memory: Readonly<NodeJS.MemoryUsage>;
}

/** @throws TypeError */
export function readPingOptions(options: { timeout?: Duration } = {}): { timeout?: number } {
  return readOptions(options, { timeout: toMilliseconds });
}
