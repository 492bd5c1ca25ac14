import { quoted } from './errors';

/**
 * Reads one option: gives its value in the form that the code wants. A size or a duration is read by `toBytes` and `toMilliseconds`
 * of `units`, which are such rules.
 *
 * @throws TypeError which names the option and quotes the value
 */
export type Rule<Value = unknown> = (value: never, option: string) => Value;

/** What one place takes: a rule for each of its options. */
export type Rules = Readonly<Record<string, Rule>>;

/** What was given, as the rules have read it; what was not is missing. */
export type Read<R extends Rules> = { -readonly [Name in keyof R]?: ReturnType<R[Name]> };

/**
 * Reads options by their rules, and lays them over those that were set before. One that is `undefined` was not given, and takes
 * back what was set before.
 *
 * @throws TypeError for an option that does not exist or has a wrong value; it names the nearest right one
 */
export function readOptions<R extends Rules>(options: unknown, rules: R, before: Read<R> = {}): Read<R> {
  const read: Record<string, unknown> = { ...before };
  for (const [name, value] of Object.entries(object(options, 'The options'))) {
    if (!Object.hasOwn(rules, name)) throw new TypeError(noOption(name, Object.keys(rules)));
    if (value === undefined) delete read[name];
    else read[name] = rules[name](value as never, name);
  }
  return read as Read<R>;
}

/** A rule for what passes a test. @param must what it must be, in words @param texts which texts are right, where only some are */
export function rule<Value>(must: string, test: (value: unknown) => value is Value, texts: readonly string[] = []) {
  return (value: unknown, option: string): Value => {
    if (!test(value)) throw new TypeError(`${option} must be ${must}, not ${quoted(value)}.${didYouMean(value, texts)}`);
    return value;
  };
}

/** One of two texts or more. */
export function oneOf<Text extends string>(...texts: readonly Text[]) {
  const names = texts.map((text) => `'${text}'`);
  const must = `${names.slice(0, -1).join(', ')} or ${names.at(-1)}`;
  return rule(must, (value): value is Text => texts.includes(value as Text), texts);
}

export function wholeNumber(least: number) {
  return rule(`a whole number of at least ${least}`, (value): value is number => Number.isInteger(value) && (value as number) >= least);
}

export const flag = rule('true or false', (value) => typeof value === 'boolean');

export const text = rule('a text that is not empty', (value): value is string => typeof value === 'string' && value !== '');

export const object = rule('an object', (value) => typeof value === 'object' && value !== null);

export const abortSignal = rule('an AbortSignal', (value) => value instanceof AbortSignal);

function noOption(name: string, names: readonly string[]): string {
  return `There is no option ${quoted(name)}.${didYouMean(name, names)} The options are: ${names.join(', ')}.`;
}

/** The nearest right one, unless it has less than half in common with what was given. */
function didYouMean(given: unknown, right: readonly string[]): string {
  if (typeof given !== 'string' || right.length === 0) return '';
  // Loaded only when there is something to complain about.
  // eslint-disable-next-line @typescript-eslint/no-require-imports
  const { closest, distance } = require('fastest-levenshtein') as typeof import('fastest-levenshtein');
  const lower = given.toLowerCase();
  const nearest = closest(lower, right);
  return distance(lower, nearest) <= Math.max(lower.length, nearest.length) / 2 ? ` Did you mean '${nearest}'?` : '';
}
