import type { Done } from '../protocol/done';
import type { Streamable } from '../protocol/streamable';
import type { StreamingCall } from './client-call';
import type { Metadata } from './metadata';

/** The tasks of a slave without types: any name, with data and results of type `unknown`. */
export type AnyTasks = Record<string, (data?: unknown) => unknown>;

/** The names of the tasks in `Tasks`. */
export type TaskName<Tasks> = keyof Tasks & string;

/** The arguments of a call after the name: the data, optional if the task's is, and the metadata. A stream may be any stream of its items. */
export type TaskArguments<Task> = Task extends (...args: infer Args) => unknown
  ? Args extends []
    ? [data?: undefined, metadata?: Metadata<TaskProgress<Task>>]
    : undefined extends Args[0]
      ? [data?: TaskData<Args[0]>, metadata?: Metadata<TaskProgress<Task>>]
      : [data: TaskData<Args[0]>, metadata?: Metadata<TaskProgress<Task>>]
  : never;

/** The value of a task for its caller: what it returns, resolves or passes to `done`; for a task that streams, an array of its items. */
export type TaskResult<Task> = Collected<TaskValue<Task>>;

/** The items of a task for the reader of its stream; for a task that does not stream, its value. */
export type TaskItem<Task> = Streamed<TaskValue<Task>>;

/** The type of the values that a task passes to `context.progress(…)`. */
export type TaskProgress<Task> = Task extends (data: never, done: never, context: infer Context, ...rest: never[]) => unknown
  ? ProgressOf<Context>
  : unknown;

/** The typed client of a class: each task method sends a request and resolves with the value of the method, or rejects with its error. */
export type Client<Class> = {
  readonly [
    // eslint-disable-next-line @typescript-eslint/no-explicit-any -- by `never`, no method with a `done` of its own type would be one
    Method in keyof Class as Class[Method] extends (data: never, done: Done<any>, ...rest: never[]) => unknown ? Method : never
  ]: (...args: TaskArguments<Class[Method]>) => Call<TaskValue<Class[Method]>>;
};

type TaskData<Data> = Data extends AsyncIterable<infer Item> ? Streamable<Item> : Data;

type TaskValue<Task> = Task extends (...args: infer Args) => infer Returned
  ? Args extends [unknown, infer Second, ...unknown[]]
    ? Second extends Done<infer Result>
      ? DoneOrReturned<Result, Exclude<Awaited<Returned>, void>>
      : Awaited<Returned>
    : Awaited<Returned>
  : never;

/**
 * The value that a task returns or passes to `done`. The type of the return value is used for tasks that stream, which may declare `done`
 * only to reach the context after it, and for a `done` without a type.
 */
type DoneOrReturned<Result, Returned> = [Returned] extends [never]
  ? Result
  : [Returned] extends [Streamable]
    ? Returned
    : unknown extends Result
      ? Returned
      : Result | Returned;

/** The items of a Readable are `any`, since its type does not describe them. */
type Known<Item> = 0 extends 1 & Item ? unknown : Item;

type Collected<Value> = Value extends Streamable<infer Item> ? Known<Item>[] : Value;

type Streamed<Value> = Value extends Streamable<infer Item> ? Known<Item> : Exclude<Value, void>;

type Call<Value> = [Value] extends [Streamable<infer Item>] ? StreamingCall<Known<Item>> : Promise<Collected<Value>>;

type ProgressOf<Context> = Context extends { readonly progress: (value: infer Progress) => void } ? Progress : unknown;
