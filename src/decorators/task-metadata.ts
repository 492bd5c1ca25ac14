import 'reflect-metadata';
import type { TaskOptions } from '../slave/task-options';

/**
 * Which methods of a class are tasks: written by `@Task`, read by `bootstrap`.
 *
 * Kept by method name and not on the function, since another decorator may put its own function in place of it. Legacy
 * decorators know the prototype, and reflect-metadata keeps it there; TC39 decorators have a metadata object for the class,
 * since `index` has seen to it that there is a `Symbol.metadata`.
 */
const KEY = Symbol.for('dist-io.tasks');

/** By the method, the names of its tasks with their options. */
type MethodTasks = Map<string | symbol, Map<string, TaskOptions | undefined>>;

/** A class, whatever its constructor takes. */
export type Class<Instance = object> = abstract new (...args: never[]) => Instance;

export function addToPrototype(prototype: object, method: string | symbol, task: string, options: TaskOptions | undefined): void {
  const tasks = (Reflect.getOwnMetadata(KEY, prototype) as MethodTasks | undefined) ?? (new Map() as MethodTasks);
  Reflect.defineMetadata(KEY, tasks, prototype);
  add(tasks, method, task, options);
}

export function addToClassMetadata(metadata: object, method: string | symbol, task: string, options: TaskOptions | undefined): void {
  const holder = metadata as { [KEY]?: MethodTasks };
  if (!Object.hasOwn(holder, KEY)) holder[KEY] = new Map();
  add(holder[KEY] as MethodTasks, method, task, options);
}

/** The inverse: method -> tasks, inherited ones included; a method that is marked again has its new names only. */
export function tasksOf(Class: Class): MethodTasks {
  const all: MethodTasks = new Map();
  for (const one of lineage(Class)) {
    const metadata = Object.getOwnPropertyDescriptor(one, (Symbol as unknown as { metadata: symbol }).metadata)?.value as
      object | undefined;
    const standard = metadata !== undefined && Object.hasOwn(metadata, KEY) ? (metadata as { [KEY]: MethodTasks })[KEY] : undefined;
    const legacy = Reflect.getOwnMetadata(KEY, one.prototype as object) as MethodTasks | undefined;
    for (const tasks of [standard, legacy]) tasks?.forEach((named, method) => all.set(method, named));
  }
  return all;
}

function add(tasks: MethodTasks, method: string | symbol, task: string, options: TaskOptions | undefined): void {
  tasks.set(method, (tasks.get(method) ?? new Map<string, TaskOptions | undefined>()).set(task, options));
}

/** The class and its ancestors, the oldest first. */
function lineage(Class: Class): Class[] {
  const classes: Class[] = [];
  for (let one: unknown = Class; typeof one === 'function' && one !== Function.prototype; one = Object.getPrototypeOf(one))
    classes.unshift(one as Class);
  return classes;
}
