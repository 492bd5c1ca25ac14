import { NoTasksError } from '../errors';
import { show } from '../format';
import { readOptions, satisfying, type OptionReader } from '../option-rules';
import { currentSlave, slaveProxy } from '../slave/current-slave';
import type { Handler } from '../slave/handler';
import type { Slave } from '../slave/slave';
import { type Class, tasksOf } from './task-metadata';

/** An object that creates instances of classes, such as an inversify container. */
export interface ContainerLike {
  /** Returns an instance of the class. */
  get<T>(Class: new (...args: never[]) => T): T;
}

/** How {@link bootstrap} creates the instances of classes. */
export interface BootstrapOptions {
  /** Creates the instances. Without it, classes are constructed without arguments. */
  container?: ContainerLike;
}

const RULES = {
  container: satisfying(
    'an object with get(Class)',
    (value): value is ContainerLike => typeof (value as Partial<ContainerLike> | null)?.get === 'function',
  ),
} satisfies Record<keyof BootstrapOptions, OptionReader>;

/**
 * Registers the methods marked with {@link Task} as tasks of this slave. In a process that no master started it registers nothing, so that a
 * program or a test can import the slave's file.
 *
 * @param targets a class, an instance, or an array of those; each is registered only once
 * @returns the slave
 * @throws NoTasksError if a class has no method marked with `@Task`
 * @throws DuplicateTaskError if two methods have the same task name; the error names both
 * @throws TypeError if a class needs constructor arguments and there is no container, and for an unknown option
 * @example
 * ```ts
 * bootstrap(Greeter);
 * bootstrap([Greeter, Accounts], { container });
 * ```
 */
export function bootstrap(targets: Class | object | readonly (Class | object)[], options: BootstrapOptions = {}): Slave {
  const resolved = readOptions(options, RULES);
  const current = currentSlave();
  if (!current.isSlave) return slaveProxy;
  for (const target of Array.isArray(targets) ? (targets as (Class | object)[]) : [targets]) {
    if (current.bootstrapped.has(target)) continue;
    registerTasks(target, resolved);
    current.bootstrapped.add(target);
  }
  return slaveProxy;
}

/** @internal Whether `bootstrap` was called for this slave. */
export function isBootstrapped(slave: Slave): boolean {
  return slave.bootstrapped.size > 0;
}

function registerTasks(target: Class | object, { container }: BootstrapOptions): void {
  if ((typeof target !== 'object' && typeof target !== 'function') || (target as unknown) === null) {
    throw new TypeError(`bootstrap takes classes and instances of classes, not ${show(target)}.`);
  }
  const Class = (typeof target === 'function' ? target : target.constructor) as new (...args: never[]) => object;
  // Created first: with compilers that do not support decorator metadata, the constructor adds the marks.
  const instance = typeof target === 'function' ? create(Class, container) : target;
  const methods = tasksOf(Class);
  if (methods.size === 0) throw new NoTasksError(Class.name);
  for (const [methodName, tasks] of methods) {
    const method = (instance as Record<string | symbol, unknown>)[methodName] as Handler;
    // `bind` keeps the number of parameters, which shows whether the method declares `done`.
    for (const [name, options] of tasks)
      currentSlave().register(name, method.bind(instance), { className: Class.name, methodName: String(methodName) }, options);
  }
}

function create(Class: new (...args: never[]) => object, container: ContainerLike | undefined): object {
  if (container !== undefined) return container.get(Class);
  if (Class.length > 0) {
    throw new TypeError(
      `The constructor of ${Class.name} takes ${Class.length} argument${Class.length === 1 ? '' : 's'}. ` +
        `Pass an instance to bootstrap, or a container that creates it: bootstrap(${Class.name}, { container }).`,
    );
  }
  return new Class();
}
