/** The slave's side alone, for files that should load nothing else: `import { Slave } from 'dist-io/slave'`. */
import { slaveProxy } from './current-slave';
import type { Slave as SlaveCore } from './slave';

export type { Done, Handler, TaskContext } from './handler';
export type { ResolvedSelfOptions, SelfOptions } from './self-options';
export type { SlaveEvents } from './slave';
export type { ResultCacheOptions, TaskOptions } from './task-options';
export type { Duration, Size } from '../units';

/**
 * The slave of this process: where a slave's file registers its tasks. In a process that no master started it exists all the
 * same, with `isSlave` false.
 */
export const Slave: SlaveCore = slaveProxy;
/** The functional core inside a slave: it holds the tasks and knows who this slave is. */
export interface Slave extends SlaveCore {}
