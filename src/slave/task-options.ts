import { object, type ReadOptions, readOptions, satisfying, type OptionReader } from '../option-rules';
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

const aFunction = satisfying('a function of the data', (value): value is (data: unknown) => unknown => typeof value === 'function');

const CACHE = {
  size: (size: Size) => toBytes(size, 'cache.size'),
  ttl: (ttl: Duration) => toMilliseconds(ttl, 'cache.ttl'),
  key: (key: unknown) => aFunction(key, 'cache.key'),
} satisfies Record<keyof ResultCacheOptions, OptionReader>;

const TASK = {
  cache: (cache: unknown, option: string) => readOptions(object(cache, option), CACHE),
} satisfies Record<keyof TaskOptions, OptionReader>;

/** Bytes and ms; what is not set is missing. */
export type ReadCacheOptions = ReadOptions<typeof CACHE>;

/** @throws TypeError */
export function readTaskOptions(options: unknown): ReadOptions<typeof TASK> {
  return readOptions(options, TASK);
}
