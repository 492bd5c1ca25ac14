import type { Response, ResponseArray } from './slave-response';
import type { AnyHandle, Selector } from './selector';
import type { SlaveHandle } from './slave-handle';
import type { AnyTasks, TaskArguments, TaskName, TaskResult } from '../requests/task-types';

/** The second half of `broadcast(task, data).to(…)`: names the slaves. */
export interface BroadcastBuilder<Name extends string = string, Data = unknown> {
  /**
   * Executes the task on every slave that the selectors name, once each.
   *
   * @returns the responses in the order of the selectors
   * @throws UnknownSlaveError, as a rejection, when a selector names no living slave: then nothing is executed
   */
  to<S extends readonly Selector[]>(
    ...selectors: { [I in keyof S]: S[I] & Accepting<TasksOf<S[number]>, Name, Data> }
  ): Promise<ResponseArray<ResultOf<TasksOf<S[number]>, Name>>>;
}

/** The second half of `response.pipe(task).to(…)`: names the slaves. Exactly one handle gives one response, everything else an array. */
export interface PipeBuilder {
  /**
   * Executes the task with the value of the response on every slave that the selectors name, once each.
   *
   * @throws the error of a response that has one, as a rejection: then nothing is executed
   * @throws UnknownSlaveError, as a rejection, when a selector names no living slave: then nothing is executed
   */
  to<S extends readonly Selector[]>(...selectors: S): Promise<IsOneHandle<S> extends true ? Response : ResponseArray>;
}

/** The second half of `tell(slave).to(task, data)`: names the task. Exactly one handle gives one response, everything else an array. */
export interface TellBuilder<One extends boolean, Tasks = AnyTasks> {
  /**
   * Executes the task on every slave that was named, once each.
   *
   * @throws TypeError at once, for arguments of a wrong type
   * @throws UnknownSlaveError, as a rejection, when a selector names no living slave: then nothing is executed
   */
  to<Name extends TaskName<Tasks>>(
    task: Name,
    ...args: TaskArguments<Tasks[Name]>
  ): Promise<One extends true ? Response<TaskResult<Tasks[Name]>> : ResponseArray<TaskResult<Tasks[Name]>>>;
}

/** Whether selectors are exactly one handle. */
export type IsOneHandle<S extends readonly unknown[]> = S extends readonly [infer One] ? IsHandle<One> : false;

/** Whether a selector is one handle. */
export type IsHandle<S> = S extends SlaveHandle<never> ? true : false;

/** The tasks of the slaves that a selector names. An id, an alias or a group does not tell them: then any task may be named. */
export type TasksOf<S> = AnyTasks extends TasksOfEach<S> ? AnyTasks : TasksOfEach<S>;

type TasksOfEach<S> = S extends string | number
  ? AnyTasks
  : S extends AnyHandle
    ? TasksOfHandle<S>
    : S extends Iterable<infer One>
      ? TasksOfHandle<One>
      : AnyTasks;

type TasksOfHandle<Handle> = Handle extends SlaveHandle<infer Tasks> ? (0 extends 1 & Tasks ? AnyTasks : Tasks) : AnyTasks;

/** `never` when slaves with these tasks have no task of this name, or not for this data. */
type Accepting<Tasks, Name extends string, Data> = string extends keyof Tasks
  ? unknown
  : string extends Name
    ? unknown
    : Name extends keyof Tasks
      ? Data extends TaskArguments<Tasks[Name]>[0]
        ? unknown
        : never
      : never;

type ResultOf<Tasks, Name extends string> = Name extends keyof Tasks ? TaskResult<Tasks[Name]> : unknown;
