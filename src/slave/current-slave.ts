import { Slave } from './slave';

/**
 * One for each process, whatever number of copies of dist-io is installed in it: the copy that the master started and the
 * copy that the user's file requires must mean the same slave.
 */
const KEY = Symbol.for('dist-io.slave');

const shared = globalThis as { [KEY]?: Slave };

/** The slave of this process or thread. */
export const processSlave: Slave = (shared[KEY] ??= new Slave());

let resolveCurrent = (): Slave => processSlave;

/** The slave that the running code belongs to: inline slaves share one process, and each has its own. */
export function currentSlave(): Slave {
  return resolveCurrent();
}

export function setCurrentSlaveResolver(resolver: () => Slave): void {
  resolveCurrent = resolver;
}

/** What users hold as `Slave`: always the current one, although an ES module is handed it only once. */
export const slaveProxy: Slave = new Proxy(processSlave, {
  get: (_target, key) => {
    const current = currentSlave();
    const value: unknown = Reflect.get(current, key, current);
    return typeof value === 'function' ? (value.bind(current) as unknown) : value;
  },
});
