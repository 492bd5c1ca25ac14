import { monitorEventLoopDelay, performance as real } from 'node:perf_hooks';

/**
 * The monotonic part of the clock of `platform.ts`, in a file of its own because slaves start faster without `node:perf_hooks`.
 * A fake defines its own `now` on the object; the prototype keeps Node's.
 */
export const performance = {
  /** In ms since `timeOrigin`, with fractions. */
  now: (Object.getPrototypeOf(real) as typeof real).now.bind(real),
  /** In ms since 1970. */
  timeOrigin: real.timeOrigin,
  eventLoopUtilization: real.eventLoopUtilization.bind(real),
};

export { monitorEventLoopDelay };
