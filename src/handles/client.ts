import { inspect, type InspectOptions } from 'node:util';
import { isProbed } from './probed-names';
import type { ClientCall } from '../requests/client-call';
import type { Metadata } from '../requests/metadata';

/** The methods of a client and their calls. */
export interface ClientSource {
  /** The names of the methods, or undefined until they are known: then every name is a method, except those that programs probe. */
  methods(): ReadonlySet<string> | undefined;
  call(method: string, data: unknown, metadata: Metadata | undefined): ClientCall;
}

/**
 * The object behind the proxy. Names that every object has are never methods, so that `${client}` executes nothing. Tests may set own
 * properties to replace methods.
 */
class ClientTarget {
  get [Symbol.toStringTag](): string {
    return 'Client';
  }

  [inspect.custom](_depth: number, options: InspectOptions): string {
    return `Client ${inspect({ methods: Object.keys(this) }, options)}`;
  }
}

/** Creates an object with the methods of a class. */
export function createClient(source: ClientSource): object {
  const functions = new Map<string, unknown>();
  const functionFor = (method: string): unknown => {
    let found = functions.get(method);
    if (found === undefined) {
      found = (data?: unknown, metadata?: Metadata) => source.call(method, data, metadata);
      functions.set(method, found);
    }
    return found;
  };
  // If it had `then`, awaiting it would call a task; with `toJSON`, JSON.stringify would.
  const isMethod = (name: string | symbol): name is string => typeof name === 'string' && name !== 'then' && name !== 'toJSON';
  const isListed = (name: string | symbol): boolean => isMethod(name) && (source.methods()?.has(name) ?? false);

  return new Proxy<object>(new ClientTarget(), {
    get(target, name) {
      if (name in target) return Reflect.get(target, name) as unknown;
      if (!isMethod(name)) return undefined;
      const methods = source.methods();
      return (methods === undefined ? !isProbed(name) : methods.has(name)) ? functionFor(name) : undefined;
    },
    // On the target: the default would redefine the method that the proxy describes, and hide it from Object.keys.
    set: (target, name, value) => Reflect.set(target, name, value),
    has: (target, name) => name in target || isListed(name),
    ownKeys: (target) => [...new Set([...Reflect.ownKeys(target), ...[...(source.methods() ?? [])].filter(isListed)])],
    getOwnPropertyDescriptor(target, name) {
      const own = Reflect.getOwnPropertyDescriptor(target, name);
      if (own !== undefined || name in target || !isListed(name)) return own;
      return { value: functionFor(name as string), enumerable: true, configurable: true, writable: true };
    },
  });
}
