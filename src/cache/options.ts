import { getHeapStatistics } from 'node:v8';
import { type Size, toBytes } from '../units';

/** What `cache.setOptions` and `new FileCache` take. */
export interface CacheOptions {
  /**
   * How much may be kept: bytes or a text such as `'64mb'`; zero or less is without limit. Default: a quarter of what V8 lets the
   * heap grow to.
   */
  size?: Size;
  /** Whether each read looks whether its file has changed. Without that, a file is read once and stays until it is purged. Default: true. */
  watch?: boolean;
}

/** The options of a cache, complete. */
export interface ResolvedCacheOptions {
  /** In bytes; `Infinity` is without limit. */
  size: number;
  /** Whether each read looks whether its file has changed. */
  watch: boolean;
}

/** Of a cache that nothing was said to. */
export function defaultOptions(): ResolvedCacheOptions {
  return { size: Math.floor(getHeapStatistics().heap_size_limit / 4), watch: true };
}

/** @throws TypeError for an option that does not exist or has a wrong value */
export function resolveOptions(given: CacheOptions, before: ResolvedCacheOptions): ResolvedCacheOptions {
  if (typeof given !== 'object' || (given as unknown) === null)
    throw new TypeError(`The options must be an object, not ${String(given)}. They are: size, watch.`);
  const { size = before.size, watch = before.watch, ...rest } = given;
  for (const name of Object.keys(rest)) throw new TypeError(`There is no option '${name}'. The options are: size, watch.`);
  if (typeof watch !== 'boolean') throw new TypeError(`watch must be true or false, not ${String(watch)}.`);
  return { size: toBytes(size, 'size'), watch };
}
