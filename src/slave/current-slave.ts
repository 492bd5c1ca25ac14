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

/**
 * What users hold as `Slave` and as the global `self`: always the current one, although an ES module is handed it only once. In a slave it
 * has the properties of the global object too: code that takes a `self` for that of a browser finds `self.fetch`.
 */
export const slaveProxy: Slave = new Proxy(processSlave, {
  get: (_target, key) => {
    const current = currentSlave();
    if (isGlobal(key, current)) return Reflect.get(globalThis, key) as unknown;
    const value: unknown = Reflect.get(current, key, current);
    return typeof value === 'function' ? (value.bind(current) as unknown) : value;
  },
  has: (_target, key) => {
    const current = currentSlave();
    return key in current || isGlobal(key, current);
  },
  set: (_target, key, value) => Reflect.set(currentSlave(), key, value),
});

function isGlobal(key: string | symbol, slave: Slave): boolean {
  return typeof key === 'string' && slave.isSlave && !(key in slave) && key in globalThis;
}
