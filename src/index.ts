/* The public names of dist-io. What a file does not use is not loaded: a slave needs neither the master nor the decorators. */
import type { Master as MasterOfItsOwn } from './master/master';
import type { MasterClass } from './master/default-master';

export {
  AbortError,
  AmbiguousMethodError,
  DistIOError,
  DuplicateAliasError,
  DuplicateTaskError,
  NoSlaveError,
  NoTasksError,
  PayloadTooLargeError,
  QueueFullError,
  SerializationError,
  SlaveDiedError,
  SlaveExitedError,
  SlavePausedError,
  SpawnError,
  TimeoutError,
  UnknownSlaveError,
  UnknownTaskError,
} from './errors';

export { Slave } from './slave/index';
export type { Done, Handler, TaskContext } from './slave/handler';
export type { EffectiveOwnOptions, OwnOptions } from './slave/options';
export type { SlaveEvents } from './slave/slave';
export type { TaskDiagnostics } from './slave/task-diagnostics';
export type { ResultCacheOptions, TaskOptions } from './slave/task-options';

export type { Output, Runtime } from './channel/channel';
export type { Acknowledgement } from './master/acknowledgement';
export type { MasterClass } from './master/default-master';
export type { ExitOptions } from './master/exit-options';
export type { ItemCall } from './master/item-call';
export type { ItemStream } from './master/item-stream';
export type { ExitReport } from './master/life';
export type { RequestDiagnostics } from './master/request-diagnostics';
export type { MasterEvents } from './master/master';
export type { Metadata } from './master/metadata';
export type { EffectiveOptions, MasterOptions, SlaveOptions } from './master/options';
export type { FailedResponse, Response, ResponseFacts, SucceededResponse } from './master/response';
export type { Purging, PurgeReport, SlavePurgeReport } from './master/purging';
export type { ResponseArray } from './master/response-array';
export type { AnyHandle, Selector } from './master/selector';
export type { SlaveGroup } from './master/slave-group';
export type { SlaveHandleEvents } from './master/slave-events';
export type { SlaveHandle } from './master/slave-handle';
export type { SlaveView } from './master/slave-view';
export type { Slaves } from './master/slaves';
export type { AnyTasks, Client, TaskArguments, TaskItem, TaskName, TaskProgress, TaskResult } from './master/task-types';
export type { IsHandle, Telling, Told } from './master/telling';
export type { Duration, Size } from './units';
export type { Streamable } from './protocol/streamable';
export type { Parallel } from './patterns/parallel';
export type { ParallelTask } from './patterns/parallel-task';
export type { Pipeline, PipelineMapOptions } from './patterns/pipeline';
export type { Interceptor, PipelineTask } from './patterns/pipeline-task';
export type { Scatter, ScatterArguments, ScatterMetadata } from './patterns/scatter';
export type { WholeOptions } from './patterns/whole';
export type { Repeating, Workpool, WorkpoolOptions } from './patterns/workpool';
export type { MapOptions as WorkpoolMapOptions } from './patterns/workpool-mapping';
export type { Condition as WorkpoolCondition } from './patterns/workpool-repetition';
export type { BootstrapOptions, InstanceSource } from './decorators/bootstrap';
export type { CompletesByDone, TaskDecorator, TaskMethod } from './decorators/task';
export type { Class } from './decorators/task-metadata';

/**
 * Creates slaves and speaks to them: `Master.createSlave(…)` at once, through one master that the whole process shares, or
 * `new Master()` for a world of its own, with its own ids and its own slaves.
 *
 * @example
 * ```js
 * const master = require('dist-io').Master;
 * const slave = master.createSlave('./slave.js');
 * const response = await slave.exec('say hello');
 * await slave.exit();
 * ```
 */
export declare const Master: MasterClass;
/** A master: the type of `new Master()`, and of what `@inject(Master)` injects. */
export interface Master extends MasterOfItsOwn {}
/** @function */
export declare const Task: typeof import('./decorators/task').Task;
/** @function */
export declare const bootstrap: typeof import('./decorators/bootstrap').bootstrap;

// No Node has this symbol yet. Compiled TC39 decorators ask for it before they look at the first `@Task`.
(Symbol as { metadata?: symbol }).metadata ??= Symbol.for('Symbol.metadata');

/* eslint-disable @typescript-eslint/no-require-imports */
const late = {
  get Master() {
    return (require('./master/default-master') as typeof import('./master/default-master')).Master;
  },
  get Task() {
    return (require('./decorators/task') as typeof import('./decorators/task')).Task;
  },
  get bootstrap() {
    return (require('./decorators/bootstrap') as typeof import('./decorators/bootstrap')).bootstrap;
  },
};
/* eslint-enable @typescript-eslint/no-require-imports */

// One by one and in just this form: by it, Node finds the names that `import { Master } from 'dist-io'` may ask for.
Object.defineProperty(exports, 'Master', {
  enumerable: true,
  get: function () {
    return late.Master;
  },
});
Object.defineProperty(exports, 'Task', {
  enumerable: true,
  get: function () {
    return late.Task;
  },
});
Object.defineProperty(exports, 'bootstrap', {
  enumerable: true,
  get: function () {
    return late.bootstrap;
  },
});
