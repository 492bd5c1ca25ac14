import 'reflect-metadata';
import type { TaskOptions } from '../slave/task-options';
import { type Class, TASK_MARKS, taskMarksOf } from '../task-marks';

export type { Class };

/**
 * The tasks of a class: for each method, task names with their options. Written by `@Task`, read by `bootstrap`.
 *
 * The key is the name of the method, since another decorator may replace its function. Legacy decorators get the prototype, where
 * reflect-metadata keeps the tasks; TC39 decorators get a metadata object of the class, since `index.ts` defines `Symbol.metadata`.
 */
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

/** Reads the tasks of a class, by method. */
export const tasksOf = taskMarksOf<Map<string, TaskOptions | undefined>>;

function add(tasks: MethodTasks, method: string | symbol, task: string, options: TaskOptions | undefined): void {
  tasks.set(method, (tasks.get(method) ?? new Map<string, TaskOptions | undefined>()).set(task, options));
}
