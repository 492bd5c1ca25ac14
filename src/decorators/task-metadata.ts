import 'reflect-metadata';
import type { TaskOptions } from '../slave/task-options';
import { type Class, TASK_MARKS, taskMarksOf } from '../task-marks';

export type { Class };

/**
 * Which methods of a class are tasks: written by `@Task`, read by `bootstrap`.
 *
 * Kept by method name and not on the function, since another decorator may put its own function in place of it. Legacy
 * decorators know the prototype, and reflect-metadata keeps it there; TC39 decorators have a metadata object for the class,
 * since `index` has seen to it that there is a `Symbol.metadata`.
 */

/** By the method, the names of its tasks with their options. */
type MethodTasks = Map<string | symbol, Map<string, TaskOptions | undefined>>;

export function addToPrototype(prototype: object, method: string | symbol, task: string, options: TaskOptions | undefined): void {
  const tasks = (Reflect.getOwnMetadata(TASK_MARKS, prototype) as MethodTasks | undefined) ?? (new Map() as MethodTasks);
  Reflect.defineMetadata(TASK_MARKS, tasks, prototype);
  add(tasks, method, task, options);
}

export function addToClassMetadata(metadata: object, method: string | symbol, task: string, options: TaskOptions | undefined): void {
  const holder = metadata as { [TASK_MARKS]?: MethodTasks };
  if (!Object.hasOwn(holder, TASK_MARKS)) holder[TASK_MARKS] = new Map();
  add(holder[TASK_MARKS] as MethodTasks, method, task, options);
}

/** The inverse: method -> tasks. */
export const tasksOf = taskMarksOf<Map<string, TaskOptions | undefined>>;

function add(tasks: MethodTasks, method: string | symbol, task: string, options: TaskOptions | undefined): void {
  tasks.set(method, (tasks.get(method) ?? new Map<string, TaskOptions | undefined>()).set(task, options));
}
