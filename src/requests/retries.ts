import { DistIOError, LinkLostError, RestartIntensityError, SlaveDiedError, SlaveExitedError, SpawnError } from '../errors';
import { show } from '../format';
import type { TaskDefaults } from '../protocol/messages';
import { throwLater } from './throw-later';

/**
 * How often a request may be executed again, and after which errors. A number `n` is `n` times after a slave was lost: it died, or
 * was ended because another task did not stop. `on` is asked after a slave was lost, and after each error that the task has thrown.
 */
export type Retries =
  | number
  | {
      /** How often it may be executed again. */
      readonly times: number;
      /** Returns whether to retry after this error. */
      readonly on: (error: Error) => boolean;
    };

/** @throws TypeError */
export function readRetries(retries: unknown, option: string): Retries {
  if (isTimes(retries)) return retries;
  if (typeof retries === 'object' && retries !== null) {
    const { times, on, ...others } = retries as Record<string, unknown>;
    if (isTimes(times) && typeof on === 'function' && Object.keys(others).length === 0) return retries as Retries;
  }
  throw new TypeError(
    `${option} must be a whole number, or { times, on }: a whole number and a function (error) => boolean, not ${show(retries)}.`,
  );
}

/** How often a request may be executed again. */
export function timesOf(retries: Retries | undefined): number {
  return typeof retries === 'object' ? retries.times : (retries ?? 0);
}

/** Whether another attempt follows one that failed. @param attempt the number of attempts so far */
export function mayRetry(retries: Retries | undefined, error: Error, attempt: number): boolean {
  if (attempt > timesOf(retries)) return false;
  const isLost = isLostSlave(error);
  if (typeof retries !== 'object') return isLost;
  // A repeated request would be refused again.
  return (isLost || !(error instanceof DistIOError)) && isAccepted(retries.on, error);
}

/** How often an idempotent task may be executed again when nothing else is said. */
const IDEMPOTENT_RETRIES = 2;

/** The retries that the defaults of a task mean. */
export function defaultRetries({ retries, idempotent = false }: TaskDefaults = {}): number {
  return retries ?? (idempotent ? IDEMPOTENT_RETRIES : 0);
}

/** Whether the slave has certainly not executed the task, so that another may. */
export function hasNotRun(error: Error): boolean {
  if (error instanceof SpawnError) return true;
  return (
    (error instanceof SlaveDiedError ||
      error instanceof LinkLostError ||
      error instanceof SlaveExitedError ||
      error instanceof RestartIntensityError) &&
    !error.mayHaveExecuted
  );
}

/** Whether the slave ended while it had the task, without a request to end. */
function isLostSlave(error: Error): boolean {
  return (
    error instanceof SlaveDiedError ||
    error instanceof LinkLostError ||
    error instanceof RestartIntensityError ||
    (error instanceof SlaveExitedError && error.reason !== null)
  );
}

function isAccepted(on: (error: Error) => boolean, error: Error): boolean {
  try {
    return on(error);
  } catch (thrown) {
    throwLater(thrown);
    return false;
  }
}

function isTimes(value: unknown): value is number {
  return Number.isInteger(value) && (value as number) >= 0;
}
