import { show } from './format';

/**
 * Reads one option: gives its value in the form that the code wants. A size or a duration is read by `toBytes` and `toMilliseconds`
 * of `units`, which are such rules.
 *
 * @throws TypeError which names the option and quotes the value
 */
export type OptionReader<Value = unknown> = (value: never, option: string) => Value;

/** What one place takes: a rule for each of its options. */
export type OptionReaders = Readonly<Record<string, OptionReader>>;

/** What was given, as the rules have read it; what was not is missing. */
export type ReadOptions<R extends OptionReaders> = { -readonly [Name in keyof R]?: ReturnType<R[Name]> };

/**
 * Reads options by their rules, and lays them over those that were set before. One that is `undefined` was not given, and takes
 * back what was set before.
 *
 * @throws TypeError for an option that does not exist or has a wrong value; it names the nearest right one
 */
export function readOptions<R extends OptionReaders>(options: unknown, rules: R, previous: ReadOptions<R> = {}): ReadOptions<R> {
  const read: Record<string, unknown> = { ...previous };
  for (const [name, value] of Object.entries(object(options, 'The options'))) {
    if (!Object.hasOwn(rules, name)) throw new TypeError(noOption(name, Object.keys(rules)));
    if (value === undefined) delete read[name];
    else read[name] = rules[name](value as never, name);
  }
  return read as ReadOptions<R>;
}

/** A rule for what passes a test. @param must what it must be, in words @param strings which texts are right, where only some are */
export function satisfying<Value>(must: string, test: (value: unknown) => value is Value, strings: readonly string[] = []) {
  return (value: unknown, option: string): Value => {
    if (!test(value)) throw new TypeError(`${option} must be ${must}, not ${show(value)}.${didYouMean(value, strings)}`);
    return value;
  };
}

/** One of two texts or more. */
export function oneOf<Text extends string>(...strings: readonly Text[]) {
  const names = strings.map((text) => `'${text}'`);
  const must = `${names.slice(0, -1).join(', ')} or ${names.at(-1)}`;
  return satisfying(must, (value): value is Text => strings.includes(value as Text), strings);
}

export function integerFrom(least: number) {
  return satisfying(
    `a whole number of at least ${least}`,
    (value): value is number => Number.isInteger(value) && (value as number) >= least,
  );
}

export const boolean = satisfying('true or false', (value) => typeof value === 'boolean');

export const nonEmptyString = satisfying('a text that is not empty', (value): value is string => typeof value === 'string' && value !== '');

export const object = satisfying('an object', (value) => typeof value === 'object' && value !== null);

export const abortSignal = satisfying('an AbortSignal', isAbortSignal);

/** Of any realm: jsdom and polyfills have classes of their own. */
export function isAbortSignal(value: unknown): value is AbortSignal {
  const { aborted, addEventListener, removeEventListener } = (value ?? {}) as Partial<AbortSignal>;
  return typeof aborted === 'boolean' && typeof addEventListener === 'function' && typeof removeEventListener === 'function';
}

/** Of any realm, too. */
export function isURL(value: unknown): value is URL {
  const { href, protocol } = (value ?? {}) as Partial<URL>;
  return typeof value === 'object' && typeof href === 'string' && typeof protocol === 'string';
}

function noOption(name: string, names: readonly string[]): string {
  return `There is no option ${show(name)}.${didYouMean(name, names)} The options are: ${names.join(', ')}.`;
}

/** The nearest right one, unless it has less than half in common with what was given. */
function didYouMean(given: unknown, right: readonly string[]): string {
  if (typeof given !== 'string' || right.length === 0) return '';
  const { name, distance } = nearestName(given, right);
  return distance <= Math.max(given.length, name.length) / 2 ? ` Did you mean '${name}'?` : '';
}

/** The nearest of several names, and the number of letters that differ, capitals aside. */
export function nearestName(given: string, names: readonly string[]): { name: string; distance: number } {
  // Loaded only when there is something to complain about.
  // eslint-disable-next-line @typescript-eslint/no-require-imports
  const { distance } = require('fastest-levenshtein') as typeof import('fastest-levenshtein');
  const distances = names.map((name) => distance(given.toLowerCase(), name.toLowerCase()));
  const least = Math.min(...distances);
  return { name: names[distances.indexOf(least)], distance: least };
}
