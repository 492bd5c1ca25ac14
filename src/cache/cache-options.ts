import { getHeapStatistics } from 'node:v8';
import { boolean, type ReadOptions, readOptions, type OptionReader } from '../option-rules';
import { type Size, toBytes } from '../units';

/** The options of `cache.setOptions` and `new FileCache`. */
export interface CacheOptions {
  /**
   * How much may be cached: bytes or a string such as `'64mb'`; zero or less is without limit. Default: a quarter of V8's heap size
   * limit.
   */
  size?: Size;
  /** Whether each read checks that its file is unchanged. Otherwise a file is read once and stays until it is purged. Default: true. */
  watch?: boolean;
}

/** The options of a cache with the defaults filled in. */
export interface ResolvedCacheOptions {
  /** In bytes; `Infinity` is without limit. */
  size: number;
  /** Whether each read checks that its file is unchanged. */
  watch: boolean;
}

const RULES = { size: toBytes, watch: boolean } satisfies Record<keyof CacheOptions, OptionReader>;

/** The options that were set on a cache. */
export type GivenCacheOptions = ReadOptions<typeof RULES>;

/**
 * Merges options into those that were set before; `undefined` restores a default.
 *
 * @throws TypeError
 */
export function readCacheOptions(options: CacheOptions, previous: GivenCacheOptions): GivenCacheOptions {
  return readOptions(options, RULES, previous);
}

/** Fills in the defaults. */
export function resolveCacheOptions(own: GivenCacheOptions): ResolvedCacheOptions {
  return { size: Math.floor(getHeapStatistics().heap_size_limit / 4), watch: true, ...own };
}
