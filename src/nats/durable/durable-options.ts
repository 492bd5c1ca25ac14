import type { DurableOptions, SubmitOptions } from '../../master/durable';
import { integerFrom, nonEmptyString, object, oneOf, type OptionReader, readOptions, satisfying } from '../../option-rules';
import { type Backoff, type BackoffOptions, RESTART_RULES } from '../../supervision/restart-options';
import { toMilliseconds, toWait } from '../../units';
import { isName } from '../subjects';

/** A part of a subject. */
export const isJobId = (value: unknown): value is string => typeof value === 'string' && /^[\w\-=/]{1,200}$/.test(value);

export const readName = satisfying('letters, digits, - and _, at most 64', isName);

const RULES = {
  name: readName,
  maxAttempts: integerFrom(1),
  backoff: (value: BackoffOptions, option: string) => RESTART_RULES.backoff({ ...DEFAULT_BACKOFF, ...object(value, option) }, option),
  keepResults: positive,
  redeliverAfter: positive,
} satisfies Record<keyof DurableOptions, OptionReader>;

const SUBMIT_RULES = {
  key: satisfying('letters, digits, -, _, = and /, at most 200', isJobId),
  priority: oneOf('high', 'normal', 'low'),
  delay,
} satisfies Record<keyof SubmitOptions, OptionReader>;

const DEFAULT_BACKOFF = { initialInterval: 1000, maximumInterval: 60_000 };

/** The options with their defaults: durations in ms. */
export interface DurableSettings {
  readonly name: string;
  readonly maxAttempts: number;
  readonly backoff: Backoff;
  /** Undefined: as the queue has it, or the default for a new one. */
  readonly keepResults: number | undefined;
  /** The same. */
  readonly redeliverAfter: number | undefined;
}

/** @throws TypeError */
export function readDurableOptions(options: DurableOptions | string): DurableSettings {
  const { name, ...given } = readOptions(typeof options === 'string' ? { name: options } : options, RULES);
  if (name === undefined) throw new TypeError('durable needs the name of a queue, such as { name: "jobs" }.');
  return {
    name,
    maxAttempts: given.maxAttempts ?? 3,
    backoff: given.backoff ?? RULES.backoff({}, 'backoff'),
    keepResults: given.keepResults,
    redeliverAfter: given.redeliverAfter,
  };
}

/** @throws TypeError */
export function readSubmitOptions(task: unknown, options: SubmitOptions) {
  nonEmptyString(task, 'The name of the task');
  return readOptions(options, SUBMIT_RULES);
}

function positive(value: unknown, option: string): number {
  const ms = toMilliseconds(value as never, option);
  if (!(ms >= 1000 && Number.isFinite(ms))) throw new TypeError(`${option} must be at least 1 second, not ${ms} ms.`);
  return ms;
}

function delay(value: unknown, option: string): number {
  const ms = toWait(value as never, option);
  if (!Number.isFinite(ms)) throw new TypeError(`${option} must be finite, not ${ms}.`);
  return ms;
}
