import { SLAVE_RULES, type SlaveOptions } from '../../spawn/slave-options';
import { readOptions } from '../../option-rules';
import { WORKPOOL_RULES, type WorkpoolOptions } from './workpool-options';

/** The options of `master.createPool`: those of its slaves and of the pool. `concurrency` applies to the pool, `timeout` to both. */
export interface PoolOptions extends Omit<SlaveOptions, 'concurrency' | 'timeout'>, WorkpoolOptions {}

/**
 * Separates the options of the pool from those of its slaves.
 *
 * @throws TypeError for an unknown option or a wrong value
 */
export function splitPoolOptions(options: PoolOptions): [pool: WorkpoolOptions, slaves: SlaveOptions] {
  readOptions(options, { ...SLAVE_RULES, ...WORKPOOL_RULES });
  const { concurrency, maxQueue, refillTimeout, ...slaves } = options;
  return [{ concurrency, maxQueue, refillTimeout, timeout: options.timeout }, slaves];
}
