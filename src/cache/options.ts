import { getHeapStatistics } from 'node:v8';
import { flag, type Read, readOptions, type Rule } from '../rules';
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
export interface EffectiveCacheOptions {
  /** In bytes; `Infinity` is without limit. */
  size: number;
  /** Whether each read looks whether its file has changed. */
  watch: boolean;
}

const RULES = { size: toBytes, watch: flag } satisfies Record<keyof CacheOptions, Rule>;

/** What was set on a cache. */
export type OwnCacheOptions = Read<typeof RULES>;

/** Lays options over those that were set before; `undefined` takes one back. @throws TypeError */
export function readCacheOptions(options: CacheOptions, before: OwnCacheOptions): OwnCacheOptions {
  return readOptions(options, RULES, before);
}

/** With the defaults for what was not set. */
export function effectiveOptions(own: OwnCacheOptions): EffectiveCacheOptions {
  return { size: Math.floor(getHeapStatistics().heap_size_limit / 4), watch: true, ...own };
}
