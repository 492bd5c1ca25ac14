import { getHeapStatistics } from 'node:v8';
import { boolean, type ReadOptions, readOptions, type OptionReader } from '../option-rules';
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

const RULES = { size: toBytes, watch: boolean } satisfies Record<keyof CacheOptions, OptionReader>;

/** What was set on a cache. */
export type GivenCacheOptions = ReadOptions<typeof RULES>;

/** Lays options over those that were set before; `undefined` takes one back. @throws TypeError */
export function readCacheOptions(options: CacheOptions, previous: GivenCacheOptions): GivenCacheOptions {
  return readOptions(options, RULES, previous);
}

/** With the defaults for what was not set. */
export function resolveCacheOptions(own: GivenCacheOptions): ResolvedCacheOptions {
  return { size: Math.floor(getHeapStatistics().heap_size_limit / 4), watch: true, ...own };
}
