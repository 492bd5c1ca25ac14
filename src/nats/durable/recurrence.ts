import type { Recurrence } from '../../master/durable';
import { nonEmptyString, readOptions } from '../../option-rules';
import { Date } from '../../platform';
import { toMilliseconds } from '../../units';
import type { StoredSchedule } from './job-records';

/** @throws TypeError for a wrong interval or cron expression */
export function readRecurrence(when: Recurrence): StoredSchedule['when'] {
  const { cron, every, timezone } = readOptions(when, { cron: nonEmptyString, every: toMilliseconds, timezone: nonEmptyString });
  if (cron !== undefined && every !== undefined) throw new TypeError(`A schedule has either 'cron' or 'every', not both.`);
  if (cron === undefined) {
    if (every === undefined) throw new TypeError(`A schedule needs 'cron' or 'every'.`);
    if (!(every >= 1000 && Number.isFinite(every))) throw new TypeError(`every must be at least 1 second, not ${every} ms.`);
    return { every };
  }
  const recurrence = { cron, timezone: timezone ?? null };
  nextOccurrence({ when: recurrence, since: 0 }, 0);
  return recurrence;
}

/**
 * The first occurrence after a time. The same for all masters, so that two of them submit the same job.
 *
 * @param after in ms since the epoch, as the result
 * @returns undefined when there is no further one
 * @throws TypeError for a wrong cron expression
 */
export function nextOccurrence({ when, since }: Pick<StoredSchedule, 'when' | 'since'>, after: number): number | undefined {
  if ('every' in when) return since + when.every * (Math.floor((after - since) / when.every) + 1);
  const { Cron } = loadCroner();
  try {
    return new Cron(when.cron, { timezone: when.timezone ?? 'UTC', paused: true }).nextRun(new Date(after))?.getTime();
  } catch (error) {
    throw new TypeError(`cron must be an expression such as '0 3 * * *', not '${when.cron}': ${(error as Error).message}`, {
      cause: error,
    });
  }
}

function loadCroner(): typeof import('croner') {
  try {
    // eslint-disable-next-line @typescript-eslint/no-require-imports -- only cron expressions need it
    return require('croner') as typeof import('croner');
  } catch (error) {
    throw new TypeError(`cron needs the package croner. Run: npm install croner. Or use { every: '1h' }.`, { cause: error });
  }
}
