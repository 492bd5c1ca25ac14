import { constants } from 'node:os';
import { show } from '../format';

/** Called first, since a wrong name must not leave the slave half ended. @throws TypeError */
export function checkSignal(signal: NodeJS.Signals): void {
  if (!Object.hasOwn(constants.signals, signal))
    throw new TypeError(`kill takes the name of a signal, such as 'SIGTERM', not ${show(signal)}.`);
}

/** Whether a value is meant as the name of a signal and not as a selector. */
export function looksLikeSignal(value: unknown): value is NodeJS.Signals {
  return typeof value === 'string' && /^SIG[A-Z0-9]+$/.test(value);
}
