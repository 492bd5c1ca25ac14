import type { Backoff } from './restart-options';

/**
 * The pause before a restart, in ms.
 *
 * @param failures how many starts in a row have come to nothing
 * @param random from 0 to 1
 */
export function pauseBefore(
  failures: number,
  { initialInterval, backoffCoefficient, maximumInterval, jitter }: Backoff,
  random: number,
): number {
  if (failures === 0) return 0;
  return varied(Math.min(maximumInterval, initialInterval * backoffCoefficient ** (failures - 1)), jitter, random);
}

/** A value that varies by the share `jitter` in both directions. @param random from 0 to 1 */
export function varied(value: number, jitter: number, random: number): number {
  return value * (1 + jitter * (2 * random - 1));
}
