import { NoTasksError } from '../errors';
import { show } from '../format';
import { readOptions, satisfying, type OptionReader } from '../option-rules';
import { currentSlave, slaveProxy } from '../slave/current-slave';
import type { Handler } from '../slave/handler';
import type { Slave } from '../slave/slave';
import { type Class, tasksOf } from './task-metadata';

/** Anything that makes instances of classes; an inversify container is one. */
export interface ContainerLike {
  /** Returns an instance of the class. */
  get<T>(Class: new (...args: never[]) => T): T;
}

/** How {@link bootstrap} makes the instances of classes. */
export interface BootstrapOptions {
  /** Where the instances come from. Without it, classes are constructed without arguments. */
  container?: ContainerLike;
}

const RULES = {
  container: satisfying(
    'an object with get(Class)',
    (value): value is ContainerLike => typeof (value as Partial<ContainerLike> | null)?.get === 'function',
  ),
} satisfies Record<keyof BootstrapOptions, OptionReader>;

/**
 * Registers the methods marked with {@link Task} as tasks of this slave. In a process that no master started it constructs nothing and
 * registers nothing, so that a program or a test can import the slave's file.
 *
 * @param targets a class, an instance, or an array of those; each is registered once, however often it is given
 * @returns the slave
 * @throws NoTasksError when a class has no method marked with `@Task`
 * @throws DuplicateTaskError when two of them claim one task name; it names both
 * @throws TypeError when a class needs constructor arguments and no container is given, and for an option that does not exist
 * @example
 * ```ts
 * bootstrap(Greeter);
 * bootstrap([Greeter, Accounts], { container });
 * ```
 */
export function bootstrap(targets: Class | object | readonly (Class | object)[], given: BootstrapOptions = {}): Slave {
  const options = readOptions(given, RULES);
  const current = currentSlave();
  if (!current.isSlave) return slaveProxy;
  const known = current.bootstrapped;
  for (const target of Array.isArray(targets) ? (targets as (Class | object)[]) : [targets]) {
    if (known.has(target)) continue;
    registerTasks(target, options);
    known.add(target);
  }
  return slaveProxy;
}

/** @internal Whether `bootstrap` was called for this slave. */
export function isBootstrapped(one: Slave): boolean {
  return one.bootstrapped.size > 0;
}

function registerTasks(target: Class | object, { container }: BootstrapOptions): void {
  if ((typeof target !== 'object' && typeof target !== 'function') || (target as unknown) === null) {
    throw new TypeError(`bootstrap takes classes and instances of classes, not ${show(target)}.`);
  }
  const Class = (typeof target === 'function' ? target : target.constructor) as new (...args: never[]) => object;
  // Made first: with compilers that know no decorator metadata, it is the instance that tells its tasks.
  const instance = typeof target === 'function' ? create(Class, container) : target;
  const tasks = tasksOf(Class);
  if (tasks.size === 0) throw new NoTasksError(Class.name);
  for (const [methodName, named] of tasks) {
    const method = (instance as Record<string | symbol, unknown>)[methodName] as Handler;
    // bind keeps the number of parameters, by which the core sees whether the method declares `done`.
    for (const [name, options] of named)
      currentSlave().register(name, method.bind(instance), { className: Class.name, methodName: String(methodName) }, options);
  }
}

function create(Class: new (...args: never[]) => object, container: ContainerLike | undefined): object {
  if (container !== undefined) return container.get(Class);
  if (Class.length > 0) {
    throw new TypeError(
      `The constructor of ${Class.name} takes ${Class.length} argument${Class.length === 1 ? '' : 's'}. ` +
        `Hand bootstrap an instance, or a container that can make one: bootstrap(${Class.name}, { container }).`,
    );
  }
  return new Class();
}
