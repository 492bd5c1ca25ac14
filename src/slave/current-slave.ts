import { Slave } from './slave';

/**
 * One for each process, whatever number of copies of dist-io is installed in it: the copy that the master started and the
 * copy that the user's file requires must mean the same slave.
 */
const KEY = Symbol.for('dist-io.slave');

/** The same for inline slaves: how to find the one that the running code belongs to. */
const FINDER = Symbol.for('dist-io.slave.finder');

const shared = globalThis as { [KEY]?: Slave; [FINDER]?: () => Slave | undefined };

/** The slave of this process or thread. */
export const processSlave: Slave = (shared[KEY] ??= new Slave());

/** The slave that the running code belongs to: inline slaves share one process, and each has its own. */
export function currentSlave(): Slave {
  return shared[FINDER]?.() ?? processSlave;
}

/** Adds a way to find the current slave, for every copy of dist-io. */
export function setCurrentSlaveResolver(resolver: () => Slave | undefined): void {
  const before = shared[FINDER];
  shared[FINDER] = () => resolver() ?? before?.();
}

/** What users hold as `Slave`: always the current one, although an ES module is handed it only once. */
export const slaveProxy: Slave = new Proxy(processSlave, {
  get: (_target, key) => {
    const current = currentSlave();
    const value: unknown = Reflect.get(current, key, current);
    return typeof value === 'function' ? (value.bind(current) as unknown) : value;
  },
});
