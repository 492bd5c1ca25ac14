import { NoSlaveError } from '../errors';
import { leastBusy } from '../handles/least-busy';
import type { Selector } from '../handles/selector';
import type { SlaveHandle } from '../handles/slave-handle';
import type { LivingSlaves } from '../handles/living-slaves';

/** The slaves that may execute a task: those that are named, or else all that take work. @throws UnknownSlaveError, NoSlaveError */
export function candidates(slaves: LivingSlaves, selectors: readonly Selector[], task: string): SlaveHandle[] {
  const found = selectors.length > 0 ? slaves.select(selectors) : [...slaves].filter((slave) => slave.acceptsRequests);
  if (found.length === 0) throw new NoSlaveError(task);
  return found;
}

/** The one with the least to do. One that has ended since is chosen only when all have: its error says why nothing is done. */
export function pickLeastBusy(among: readonly SlaveHandle[]): SlaveHandle {
  return leastBusy(among.filter((slave) => slave.acceptsRequests)) ?? among[0];
}
