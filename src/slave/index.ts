/** The slave's side alone, for files that need nothing else: `import { Slave } from 'dist-io/slave'`. */
import { slaveProxy } from './current-slave';
import type { Slave as SlaveCore } from './slave';

export type { Done, Handler, TaskContext } from './handler';
export type { ResolvedSelfOptions, SelfOptions } from './self-options';
export type { SlaveEvents } from './slave';
export type { ResultCacheOptions, TaskOptions } from './task-options';
export type { Duration, Size } from '../units';

/**
 * The slave of this process, on which a slave's file registers its tasks. It also exists in a process that no master started, with
 * `isSlave` false.
 */
export const Slave: SlaveCore = slaveProxy;
/** The slave as its own code sees it: its tasks, its identity and its options. */
export interface Slave extends SlaveCore {}
