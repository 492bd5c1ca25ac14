import { boolean, object, oneOf, type ReadOptions, readOptions, satisfying, type OptionReader, integerFrom } from '../option-rules';
import { type Duration, type Size, toBytes, toGrace, toMilliseconds } from '../units';

/**
 * How a task is executed. `timeout`, `retries`, `cancel` and `grace` are defaults of its requests: the caller's metadata override them,
 * and they override the options of the slave and the master.
 */
export interface TaskOptions<Data = unknown> {
  /** How long a request may take: ms or a string such as `'5s'`; zero or less is without limit. Default: the slave's `timeout`. */
  timeout?: Duration;
  /** How often a workpool executes it again after its slave was lost. Default: 0, or 1 when it is `idempotent`. */
  retries?: number;
  /**
   * Whether running the task twice for one request does no harm: one that may have run when its slave was lost may be executed again.
   * Default: false.
   */
  idempotent?: boolean;
  /** What happens to a task that goes on after its request was cancelled: see `Metadata.cancel`. Default: `'signal'`. */
  cancel?: 'signal' | 'kill';
  /** How long a task that is cancelled with `'kill'` may take to stop: ms or a string such as `'5s'`. Default: `'1s'`. */
  grace?: Duration;
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
  timeout: toMilliseconds,
  retries: integerFrom(0),
  idempotent: boolean,
  cancel: oneOf<'signal' | 'kill'>('signal', 'kill'),
  grace: toGrace,
} satisfies Record<keyof TaskOptions, OptionReader>;

/** Bytes and ms; what is not set is missing. */
export type ReadCacheOptions = ReadOptions<typeof CACHE>;

/** @throws TypeError */
export function readTaskOptions(options: unknown): ReadOptions<typeof TASK> {
  return readOptions(options, TASK);
}
