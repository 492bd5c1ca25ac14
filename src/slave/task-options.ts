import { quoted } from '../errors';
import { type Duration, type Size, toBytes, toMilliseconds } from '../units';

/** How a task is executed. */
export interface TaskOptions<Data = unknown> {
  /** Remember the results of the task: whoever asks with equal data gets the remembered one. Default: nothing is remembered. */
  cache?: ResultCacheOptions<Data>;
}

/** How the results of a task are remembered. */
export interface ResultCacheOptions<Data = unknown> {
  /**
   * How much the remembered results of the task may take together: bytes or a text such as `'64mb'`; zero or less is without limit. The
   * one that was not asked for longest makes room. Default: `'64mb'`.
   */
  size?: Size;
  /** How long a result is good for: ms or a text such as `'5m'`; zero or less is for ever. Default: for ever. */
  ttl?: Duration;
  /** What stands for the data: data with equal keys have one result. Default: the data themselves. */
  key?: (data: Data) => unknown;
}

/** @throws TypeError for an option that does not exist or has a wrong value */
export function checkTaskOptions(options: unknown): void {
  checkNames(options, 'The options of a task', ['cache']);
  if (options.cache === undefined) return;
  checkNames(options.cache, `The option 'cache'`, ['size', 'ttl', 'key']);
  const { size, ttl, key } = options.cache;
  if (size !== undefined) toBytes(size as Size, 'cache.size');
  if (ttl !== undefined) toMilliseconds(ttl as Duration, 'cache.ttl');
  if (key !== undefined && typeof key !== 'function') throw new TypeError(`cache.key must be a function of the data, not ${quoted(key)}.`);
}

function checkNames(options: unknown, what: string, names: readonly string[]): asserts options is Record<string, unknown> {
  if (typeof options !== 'object' || options === null) throw new TypeError(`${what} must be an object, not ${quoted(options)}.`);
  const wrong = Object.keys(options).find((name) => !names.includes(name));
  if (wrong !== undefined) throw new TypeError(`${what} cannot have '${wrong}'. Possible: ${names.join(', ')}.`);
}
