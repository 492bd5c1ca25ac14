import { constants } from 'node:os';
import { show } from '../format';

/** Validates before anything is done: a wrong name must not leave a slave half ended. @throws TypeError */
export function checkSignal(signal: NodeJS.Signals): void {
  if (!Object.hasOwn(constants.signals, signal))
    throw new TypeError(`kill takes the name of a signal, such as 'SIGTERM', not ${show(signal)}.`);
}

/** Whether a string can only be meant as the name of a signal, not as a selector. */
export function looksLikeSignal(value: unknown): value is NodeJS.Signals {
  return typeof value === 'string' && /^SIG[A-Z0-9]+$/.test(value);
}
