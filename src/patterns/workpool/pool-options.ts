import { SLAVE_RULES, type SlaveOptions } from '../../spawn/slave-options';
import { availableParallelism } from 'node:os';
import { show } from '../../format';
import { integerFrom, readOptions } from '../../option-rules';
import { type Duration, toMilliseconds } from '../../units';
import type { PoolSize } from './pool-size';
import { WORKPOOL_RULES, type WorkpoolOptions } from './workpool-options';

/** The options of `master.createPool`: those of its slaves and of the pool. `concurrency` applies to the pool, `timeout` to both. */
export interface PoolOptions extends Omit<SlaveOptions, 'concurrency' | 'timeout'>, WorkpoolOptions {
  /**
   * For a pool of `{ min, max }` slaves: how long a slave is idle before it is ended: ms or a string. Default: `'10s'`.
   */
  idleTimeout?: Duration;
}

/** The options of a pool, by what they are for. */
interface SplitPoolOptions {
  readonly pool: WorkpoolOptions;
  readonly slaves: SlaveOptions;
  /** In ms, if given. */
  readonly idleTimeout: number | undefined;
}

/**
 * Separates the options of the pool from those of its slaves.
 *
 * @throws TypeError for an unknown option or a wrong value
 */
export function splitPoolOptions(options: PoolOptions): SplitPoolOptions {
  const read = readOptions(options, { ...SLAVE_RULES, ...WORKPOOL_RULES, idleTimeout: toMilliseconds });
  const { concurrency, maxQueue, refillTimeout, ...slaves } = options;
  delete slaves.idleTimeout;
  return { pool: { concurrency, maxQueue, refillTimeout, timeout: options.timeout }, slaves, idleTimeout: read.idleTimeout };
}

/** @throws TypeError */
export function readPoolSize(size: unknown): Required<PoolSize> {
  if (Number.isInteger(size) && (size as number) >= 1) return { min: size as number, max: size as number };
  if (typeof size !== 'object' || size === null)
    throw new TypeError(
      `The first argument is a file, or how many slaves: a whole number of at least 1, or { min, max }, not ${show(size)}.`,
    );
  const { min = 0, max = Math.max(min, availableParallelism()) } = readOptions(size, { min: integerFrom(0), max: integerFrom(1) });
  if (max < min) throw new TypeError(`max must be at least min, which is ${min}, not ${max}.`);
  return { min, max };
}
