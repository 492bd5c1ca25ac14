import type { Done } from '../protocol/done';
import type { Streamable } from '../protocol/streamable';
import type { StreamingCall } from './client-call';
import type { Metadata } from './metadata';

/** The tasks of a slave whose types are not known: any name, data and results `unknown`. */
export type AnyTasks = Record<string, (data?: unknown) => unknown>;

/** The names of the tasks in `Tasks`. */
export type TaskName<Tasks> = keyof Tasks & string;

/** What a task's caller passes after the name: the data, optional when the task's is, and the metadata. A stream may be any stream of its items. */
export type TaskArguments<Task> = Task extends (...args: infer Args) => unknown
  ? Args extends []
    ? [data?: undefined, metadata?: Metadata<TaskProgress<Task>>]
    : undefined extends Args[0]
      ? [data?: TaskData<Args[0]>, metadata?: Metadata<TaskProgress<Task>>]
      : [data: TaskData<Args[0]>, metadata?: Metadata<TaskProgress<Task>>]
  : never;

/** What a task's caller gets: what it returns or resolves, or what it hands to `done`; of one that streams, an array of its items. */
export type TaskResult<Task> = Collected<TaskValue<Task>>;

/** What a task's reader gets: the items of one that streams, else its value. */
export type TaskItem<Task> = Streamed<TaskValue<Task>>;

/** What a task tells on its way, by `context.progress(…)`. */
export type TaskProgress<Task> = Task extends (data: never, done: never, context: infer Context, ...rest: never[]) => unknown
  ? ProgressOf<Context>
  : unknown;

/** The typed client of a class: its task methods, each asking the slave and resolving what the method returns; a failure rejects. */
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
 * What is returned or handed to `done`. A task that streams may declare `done` to get at its context, and never calls it; and of a `done`
 * that says nothing of its type, what is returned says enough.
 */
type DoneOrReturned<Result, Returned> = [Returned] extends [never]
  ? Result
  : [Returned] extends [Streamable]
    ? Returned
    : unknown extends Result
      ? Returned
      : Result | Returned;

/** Of a Readable, the items are `any`: nothing is known of them. */
type Known<Item> = 0 extends 1 & Item ? unknown : Item;

type Collected<Value> = Value extends Streamable<infer Item> ? Known<Item>[] : Value;

type Streamed<Value> = Value extends Streamable<infer Item> ? Known<Item> : Exclude<Value, void>;

type Call<Value> = [Value] extends [Streamable<infer Item>] ? StreamingCall<Known<Item>> : Promise<Collected<Value>>;

type ProgressOf<Context> = Context extends { readonly progress: (value: infer Progress) => void } ? Progress : unknown;
