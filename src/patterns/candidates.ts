import { NoSlaveError } from '../errors';
import { leastBusy } from '../handles/least-busy';
import type { Selector } from '../handles/selector';
import type { SlaveHandle } from '../handles/slave-handle';
import type { LivingSlaves } from '../handles/living-slaves';

/**
 * The slaves that may execute a task: the selected ones, or without selectors all that accept requests.
 *
 * @throws UnknownSlaveError when a selector matches no slave
 * @throws NoSlaveError when there is no slave
 */
export function candidates(slaves: LivingSlaves, selectors: readonly Selector[], task: string): SlaveHandle[] {
  const found = selectors.length > 0 ? slaves.select(selectors) : [...slaves].filter((slave) => slave.acceptsRequests);
  if (found.length === 0) throw new NoSlaveError(task);
  return found;
}

/** Picks the least busy slave. If all have ended meanwhile, picks the first, whose error then explains the failure. */
export function pickLeastBusy(among: readonly SlaveHandle[]): SlaveHandle {
  return leastBusy(among.filter((slave) => slave.acceptsRequests)) ?? among[0];
}
