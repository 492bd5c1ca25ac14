import { Slave } from './slave';

/**
 * Global, since a process may load several copies of dist-io: the copy that the master started and the copy that the user's file requires
 * must share one slave.
 */
const KEY = Symbol.for('dist-io.slave');

/** Global for the same reason: returns the inline slave that the running code belongs to. */
const RESOLVER = Symbol.for('dist-io.slave.resolver');

const shared = globalThis as { [KEY]?: Slave; [RESOLVER]?: () => Slave | undefined };

/** The slave of this process or thread. */
export const processSlave: Slave = (shared[KEY] ??= new Slave());

/** Returns the slave that the running code belongs to: an inline slave, else the slave of the process. */
export function currentSlave(): Slave {
  return shared[RESOLVER]?.() ?? processSlave;
}

/** Adds a resolver of the current slave, for all copies of dist-io. */
export function setCurrentSlaveResolver(resolver: () => Slave | undefined): void {
  const previous = shared[RESOLVER];
  shared[RESOLVER] = () => resolver() ?? previous?.();
}

/**
 * The value of `Slave` and of the global `self`. It forwards each access to the current slave, since an ES module gets its value only once.
 * In a slave it also has the properties of the global object: code that expects the `self` of a browser finds `self.fetch`.
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
