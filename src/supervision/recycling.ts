import type { ResolvedMonitorOptions } from './monitor-options';

/** The limits of one process: tasks, bytes and ms. */
export type RecyclingLimits = Pick<ResolvedMonitorOptions, 'maxTasks' | 'maxMemory' | 'maxAge'>;

/** By what share each limit is lowered at most, so that slaves that started together are not all replaced at once. */
const JITTER = 0.1;

/** @param random gives numbers from 0 to 1 */
export function recyclingLimits({ maxTasks, maxMemory, maxAge }: RecyclingLimits, random: () => number): RecyclingLimits {
  const lowered = (limit: number): number => limit * (1 - JITTER * random());
  return { maxTasks: Math.max(1, Math.round(lowered(maxTasks))), maxMemory: lowered(maxMemory), maxAge: lowered(maxAge) };
}
