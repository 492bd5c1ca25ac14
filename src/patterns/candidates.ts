import { NoSlaveError } from '../errors';
import { leastBusy } from '../master/least-busy';
import type { Selector } from '../master/selector';
import type { SlaveHandle } from '../master/slave-handle';
import type { Slaves } from '../master/slaves';

/** The slaves that may execute a task: those that are named, or else all that take work. @throws UnknownSlaveError, NoSlaveError */
export function candidates(slaves: Slaves, selectors: readonly Selector[], task: string): SlaveHandle[] {
  const found = selectors.length > 0 ? slaves.select(selectors) : [...slaves].filter((slave) => slave.takesWork);
  if (found.length === 0) throw new NoSlaveError(task);
  return found;
}

/** The one with the least to do. One that has ended since is chosen only when all have: its error says why nothing is done. */
export function choose(among: readonly SlaveHandle[]): SlaveHandle {
  return leastBusy(among.filter((slave) => slave.takesWork)) ?? among[0];
}
