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

/** Those that accept requests. When none does, all of them: their errors say why. */
export function accepting(slaves: readonly SlaveHandle[]): readonly SlaveHandle[] {
  const found = slaves.filter((slave) => slave.acceptsRequests);
  return found.length > 0 ? found : slaves;
}

/** The one with the least to do, of those that accept requests. */
export function pickLeastBusy(among: readonly SlaveHandle[]): SlaveHandle {
  return leastBusy(accepting(among)) ?? among[0];
}
