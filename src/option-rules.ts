import { show } from './format';

/**
 * Validates one option and converts its value: a duration to ms, for example. `toMilliseconds` and `toBytes` of `units` are readers.
 *
 * @throws TypeError that names the option and quotes the value
 */
export type OptionReader<Value = unknown> = (value: never, option: string) => Value;

/** The valid options of a function, each with its reader. */
export type OptionReaders = Readonly<Record<string, OptionReader>>;

/** The options that were given, in the form that their readers return. */
export type ReadOptions<R extends OptionReaders> = { -readonly [Name in keyof R]?: ReturnType<R[Name]> };

/**
 * Reads options and merges them over previous ones. An option that is `undefined` counts as not given, and removes the previous value.
 *
 * @throws TypeError for an unknown option, with the most similar name, or a wrong value
 */
export function readOptions<R extends OptionReaders>(options: unknown, readers: R, previous: ReadOptions<R> = {}): ReadOptions<R> {
  const read: Record<string, unknown> = { ...previous };
  for (const [name, value] of Object.entries(object(options, 'The options'))) {
    if (!Object.hasOwn(readers, name)) throw new TypeError(noOption(name, Object.keys(readers)));
    if (value === undefined) delete read[name];
    else read[name] = readers[name](value as never, name);
  }
  return read as ReadOptions<R>;
}

/**
 * A reader for values that pass a test.
 *
 * @param must completes the sentence "the option must be …"
 * @param strings the valid strings, if the set is fixed; the error then suggests the most similar one
 */
export function satisfying<Value>(must: string, test: (value: unknown) => value is Value, strings: readonly string[] = []) {
  return (value: unknown, option: string): Value => {
    if (!test(value)) throw new TypeError(`${option} must be ${must}, not ${show(value)}.${didYouMean(value, strings)}`);
    return value;
  };
}

/**
 * A reader for a fixed set of strings.
 *
 * @param strings at least two
 */
export function oneOf<One extends string>(...strings: readonly One[]) {
  const names = strings.map((string) => `'${string}'`);
  const must = `${names.slice(0, -1).join(', ')} or ${names.at(-1)}`;
  return satisfying(must, (value): value is One => strings.includes(value as One), strings);
}

export function integerFrom(least: number) {
  return satisfying(
    `a whole number of at least ${least}`,
    (value): value is number => Number.isInteger(value) && (value as number) >= least,
  );
}

export const boolean = satisfying('true or false', (value) => typeof value === 'boolean');

export const nonEmptyString = satisfying('a non-empty string', (value): value is string => typeof value === 'string' && value !== '');

export const object = satisfying('an object', (value) => typeof value === 'object' && value !== null);

export const abortSignal = satisfying('an AbortSignal', isAbortSignal);

/** Accepts signals of other realms: jsdom and polyfills have other classes. */
export function isAbortSignal(value: unknown): value is AbortSignal {
  const { aborted, addEventListener, removeEventListener } = (value ?? {}) as Partial<AbortSignal>;
  return typeof aborted === 'boolean' && typeof addEventListener === 'function' && typeof removeEventListener === 'function';
}

/** Accepts URLs of other realms. */
export function isURL(value: unknown): value is URL {
  const { href, protocol } = (value ?? {}) as Partial<URL>;
  return typeof value === 'object' && typeof href === 'string' && typeof protocol === 'string';
}

function noOption(name: string, names: readonly string[]): string {
  return `There is no option ${show(name)}.${didYouMean(name, names)} The options are: ${names.join(', ')}.`;
}

/** Suggests the most similar valid name, if more than half of it agrees. */
function didYouMean(given: unknown, valid: readonly string[]): string {
  if (typeof given !== 'string' || valid.length === 0) return '';
  const { name, distance } = nearestName(given, valid);
  return distance <= Math.max(given.length, name.length) / 2 ? ` Did you mean '${name}'?` : '';
}

/** The most similar of several names, and its edit distance; case does not count. */
export function nearestName(given: string, names: readonly string[]): { name: string; distance: number } {
  // Loaded only for an error or a warning.
  // eslint-disable-next-line @typescript-eslint/no-require-imports
  const { distance } = require('fastest-levenshtein') as typeof import('fastest-levenshtein');
  const distances = names.map((name) => distance(given.toLowerCase(), name.toLowerCase()));
  const least = Math.min(...distances);
  return { name: names[distances.indexOf(least)], distance: least };
}
