/** The slave's side alone, for files that should load nothing else: `import { Slave } from 'dist-io/slave'`. */
export type { Done, Handler, TaskContext } from './handler';
export type { SlaveEvents } from './slave';
import { slave } from './current';
import type { Slave as SlaveCore } from './slave';

/** The slave of this process. */
export const Slave = slave;
/** The functional core inside a slave. */
export type Slave = SlaveCore;
