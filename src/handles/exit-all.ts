import type { ExitReport } from './lifecycle';
import type { AnyHandle } from './selector';

/**
 * Ends slaves gracefully, in the reverse order of their creation, as a supervisor of OTP does.
 *
 * @returns the reports, in the order of the slaves
 */
export function exitAll(slaves: readonly AnyHandle[], pending: 'finish' | 'abort'): Promise<ExitReport[]> {
  const newestFirst = [...slaves.keys()].sort((a, b) => slaves[b].id - slaves[a].id);
  const reports: Promise<ExitReport>[] = [];
  for (const i of newestFirst) reports[i] = slaves[i].exit({ pending });
  return Promise.all(reports);
}
