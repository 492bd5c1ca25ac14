import { safeString } from '../format';
import { Snapshot } from '../protocol/snapshot';

/** Names of tasks: each is warned of once. */
const completedTwice = new Set<string>();
const neverDone = new Set<string>();

/**
 * Warns of a task that called `done`, threw or resolved a value after it had completed.
 *
 * @param dropped the result or error of the later completion
 */
export function warnSecondCompletion(task: string, dropped: unknown): void {
  if (completedTwice.has(task)) return;
  completedTwice.add(task);
  const lost = dropped instanceof Error ? ` (${safeString(dropped)})` : '';
  process.emitWarning(
    `The task '${task}' completed more than once. The first completion counts, a later one${lost} was dropped. Call done once, or return a value instead.`,
    { type: 'DistIOWarning', code: 'DIST_IO_SECOND_COMPLETION' },
  );
}

/** Warns of a handler that declares `done`, has returned a value and has not called `done` for a long time. */
export function warnIgnoredValue(task: string, value: unknown, seconds: number): void {
  if (neverDone.has(task) || !canTravel(value)) return;
  neverDone.add(task);
  process.emitWarning(
    `The task '${task}' declares done, so the value that it returned was ignored, and it has not called done for ${seconds} s. ` +
      `Call done, or declare only the data and return the value; Slave.context() returns the context.`,
    { type: 'DistIOWarning', code: 'DIST_IO_IGNORED_VALUE' },
  );
}

/** Tells results from timers and query objects, which callback functions often return. */
function canTravel(value: unknown): boolean {
  try {
    return new Snapshot(value).size > 0;
  } catch {
    return false;
  }
}
