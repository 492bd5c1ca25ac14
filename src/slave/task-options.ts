import { boolean, object, oneOf, type ReadOptions, readOptions, satisfying, type OptionReader, integerFrom } from '../option-rules';
import { type Duration, type Size, toBytes, toMilliseconds, toWait } from '../units';

/**
 * How a task is executed. `timeout`, `retries`, `cancel` and `grace` are defaults of its requests: the caller's metadata override them,
 * and they override the options of the slave and the master.
 */
export interface TaskOptions<Data = unknown> {
  /** How long a request may take: ms or a string such as `'5s'`; zero or less is without limit. Default: the slave's `timeout`. */
  timeout?: Duration;
  /** The number of further attempts after the slave was lost. Default: 2 if the task is `idempotent`, else 0. */
  retries?: number;
  /**
   * States that running the task twice for one request does no harm. When its slave was lost, a workpool or a slave that is
   * restarted then executes it up to two more times, unless `retries` says otherwise. Default: false.
   */
  idempotent?: boolean;
  /** How to stop a task whose request was cancelled: see `Metadata.cancel`. Default: `'signal'`. */
  cancel?: 'signal' | 'kill';
  /** The time that a task cancelled with `'kill'` has to stop: ms or a string such as `'5s'`. Default: `'1s'`. */
  grace?: Duration;
  /** Caches the results of the task: requests with equal data get the cached result. Default: no cache. */
  cache?: ResultCacheOptions<Data>;
}

/** How the results of a task are cached. */
export interface ResultCacheOptions<Data = unknown> {
  /**
   * The memory for all cached results of the task: bytes or a string such as `'64mb'`; zero or less is without limit. The least recently
   * used results are evicted. Default: `'64mb'`.
   */
  size?: Size;
  /** The time for which a result is valid: ms or a string such as `'5m'`; zero or less is without limit. Default: without limit. */
  ttl?: Duration;
  /** Returns the cache key: data with equal keys share a result. Default: the data itself. */
  key?: (data: Data) => unknown;
}

const aFunction = satisfying('a function of the data', (value): value is (data: unknown) => unknown => typeof value === 'function');

const CACHE = {
  size: (size: Size) => toBytes(size, 'cache.size'),
  ttl: (ttl: Duration) => toMilliseconds(ttl, 'cache.ttl'),
  key: (key: unknown) => aFunction(key, 'cache.key'),
} satisfies Record<keyof ResultCacheOptions, OptionReader>;

const TASK = {
  cache: (cache: unknown, option: string) => readOptions(object(cache, option), CACHE),
  timeout: toMilliseconds,
  retries: integerFrom(0),
  idempotent: boolean,
  cancel: oneOf<'signal' | 'kill'>('signal', 'kill'),
  grace: toWait,
} satisfies Record<keyof TaskOptions, OptionReader>;

/** Sizes in bytes and times in ms; options that are not set are missing. */
export type ReadCacheOptions = ReadOptions<typeof CACHE>;

/** @throws TypeError */
export function readTaskOptions(options: unknown): ReadOptions<typeof TASK> {
  return readOptions(options, TASK);
}
