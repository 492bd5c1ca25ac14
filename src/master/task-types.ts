import type { Done } from '../protocol/done';
import type { Metadata } from './metadata';

/** The tasks of a slave whose types are not known: any name, data and results `unknown`. */
export type AnyTasks = Record<string, (data?: unknown) => unknown>;

/** The names of the tasks in `Tasks`. */
export type TaskName<Tasks> = keyof Tasks & string;

/** What a task's caller passes after the name: the data, optional when the task's is, and the metadata. */
export type TaskArguments<Task> = Task extends (...args: infer Args) => unknown
  ? Args extends []
    ? [data?: undefined, metadata?: Metadata]
    : undefined extends Args[0]
      ? [data?: Args[0], metadata?: Metadata]
      : [data: Args[0], metadata?: Metadata]
  : never;

/** What a task's caller gets: what it returns or resolves, or what it hands to `done`. */
export type TaskResult<Task> = Task extends (...args: infer Args) => infer Returned
  ? Args extends [unknown, infer Second, ...unknown[]]
    ? Second extends Done<infer Result>
      ? Result | Exclude<Awaited<Returned>, void>
      : Awaited<Returned>
    : Awaited<Returned>
  : never;

/** The typed client of a class: its task methods, each asking the slave and resolving what the method returns; a failure rejects. */
export type Client<Class> = {
  readonly [
    // eslint-disable-next-line @typescript-eslint/no-explicit-any -- by `never`, no method with a `done` of its own type would be one
    Method in keyof Class as Class[Method] extends (data: never, done: Done<any>, ...rest: never[]) => unknown ? Method : never
  ]: (...args: TaskArguments<Class[Method]>) => Promise<TaskResult<Class[Method]>>;
};
