import { clearTimeout } from '../platform';
import { startTimer } from './start-timer';

/** Whether a promise resolves within a time in ms. */
export function settlesWithin(ms: number, promise: Promise<unknown>): Promise<boolean> {
  return new Promise((resolve, reject) => {
    const timer = startTimer(ms, () => resolve(false));
    promise
      .then(() => resolve(true), reject)
      .finally(() => {
        if (timer !== undefined) clearTimeout(timer);
      });
  });
}
