import { SLAVE_RULES, type SlaveOptions } from '../../spawn/slave-options';
import { readOptions } from '../../option-rules';
import { WORKPOOL_RULES, type WorkpoolOptions } from './workpool';

/** The options of `master.createPool`: those of its slaves and those of the pool. `concurrency` is that of the pool, `timeout` that of both. */
export interface PoolOptions extends Omit<SlaveOptions, 'concurrency' | 'timeout'>, WorkpoolOptions {}

/** @throws TypeError for an option that does not exist or has a wrong value */
export function splitPoolOptions(options: PoolOptions): [pool: WorkpoolOptions, slaves: SlaveOptions] {
  readOptions(options, { ...SLAVE_RULES, ...WORKPOOL_RULES });
  const { concurrency, maxQueue, refillTimeout, ...slaves } = options;
  return [{ concurrency, maxQueue, refillTimeout, timeout: options.timeout }, slaves];
}
