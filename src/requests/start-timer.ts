import { setTimeout } from '../platform';

/** In ms: Node fires a timer with a longer delay at once. */
const TIMEOUT_MAX = 2 ** 31 - 1;

/** Calls back after a time in ms; never for `Infinity`, for which there is no timer. */
export function startTimer(ms: number, callback: () => void): NodeJS.Timeout | undefined {
  return ms === Infinity ? undefined : setTimeout(callback, Math.min(ms, TIMEOUT_MAX));
}
