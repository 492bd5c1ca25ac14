/**
 * Splits arguments that end with optional options: `exit(...selectors, options)`.
 *
 * Options are a plain object; handles, arrays and other iterables, which select slaves, are not.
 */
export function splitOptions<Argument, Options extends object>(
  args: readonly (Argument | Options)[],
): [rest: Argument[], options: Options | undefined] {
  const last = args.at(-1);
  const hasOptions = typeof last === 'object' && last !== null && Object.getPrototypeOf(last) === Object.prototype;
  return hasOptions ? [args.slice(0, -1) as Argument[], last as Options] : [args as Argument[], undefined];
}
