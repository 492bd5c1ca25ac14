import { monitorEventLoopDelay, performance } from '../performance';

/** In ms: how often the delay is sampled. */
const RESOLUTION = 10;

const delays = monitorEventLoopDelay({ resolution: RESOLUTION });
delays.enable();
let last = performance.eventLoopUtilization();

/** The longest delay of the event loop since the last call, in ms, and the share of that time in which it was not idle. */
export function eventLoopLoad(): { delay: number; utilization: number } {
  const now = performance.eventLoopUtilization();
  const { utilization } = performance.eventLoopUtilization(now, last);
  last = now;
  // In ns; a timer is never late by less than its own interval. There is none before the first sample.
  const delay = delays.max === 0 ? 0 : Math.max(0, delays.max / 1e6 - RESOLUTION);
  delays.reset();
  return { delay, utilization };
}
