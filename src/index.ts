/* The public names of dist-io. What a file does not use is not loaded: a slave needs neither the master nor the decorators. */
import type { Master as MasterInstance } from './master/master';
import type { MasterStatic } from './master/default-master';
// Before anything else of the program may put a fake clock in place.
import './platform';

export {
  AbortError,
  AmbiguousMethodError,
  DistIOError,
  DuplicateAliasError,
  DuplicateTaskError,
  HostRefusedError,
  LinkLostError,
  DurableQueueError,
  JobFailedError,
  UnknownJobError,
  NoSlaveError,
  NoTasksError,
  PayloadTooLargeError,
  PoisonTaskError,
  QueueFullError,
  RestartIntensityError,
  SerializationError,
  SlaveDiedError,
  SlaveExitedError,
  SlavePausedError,
  SpawnError,
  TimeoutError,
  UnknownSlaveError,
  UnknownTaskError,
} from './errors';

export type { DeathReason, HostRefusal, QueueLimit } from './errors';
export { Slave } from './slave/index';
export type { Done, Handler, TaskContext } from './slave/handler';
export type { ResolvedSelfOptions, SelfOptions } from './slave/self-options';
export type { SlaveEvents } from './slave/slave';
export type { TaskDiagnostics } from './slave/task-diagnostics';
export type { ResultCacheOptions, TaskOptions } from './slave/task-options';

export type { Output, Runtime } from './channel/channel';
export type { PingReport } from './handles/ping-report';
export type { MasterStatic } from './master/default-master';
export type { ExitOptions } from './handles/exit-options';
export type { StreamingCall } from './requests/client-call';
export type { ItemStream } from './requests/item-stream';
export type { EndError, ExitReport } from './handles/lifecycle';
export type {
  FailedResponse,
  RequestDiagnostics,
  Response,
  ResponseArray,
  ResponseBase,
  SucceededResponse,
} from './handles/slave-response';
export type { MasterEvents } from './master/slave-owner';
export type { Metadata } from './requests/metadata';
export type { HostSelector, LabelCondition } from './spawn/host-selector';
export type { ResolvedOptions, MasterOptions, SlaveOptions } from './spawn/slave-options';
export type { PurgeRequest, PurgeReport, SlavePurgeReport } from './handles/purge-slaves';
export type { MonitorOptions, ResolvedMonitorOptions } from './supervision/monitor-options';
export type { BackoffOptions, ResolvedRestartOptions, Backoff, Restart, RestartOptions, Strategy } from './supervision/restart-options';
export type { Retries } from './requests/retries';
export type { AnyHandle, Selector } from './handles/selector';
export type { SlaveGroup } from './handles/slave-group';
export type { RestartReport, SlaveHandleEvents } from './handles/slave-events';
export type { SlaveHandle } from './handles/slave-handle';
export type { SlaveSource } from './spawn/slave-file';
export type { SlaveView } from './handles/slave-view';
export type { LivingSlaves } from './handles/living-slaves';
export type { AnyTasks, Client, TaskArguments, TaskItem, TaskName, TaskProgress, TaskResult } from './requests/task-types';
export type { IsHandle, TasksOf, BroadcastBuilder, PipeBuilder, TellBuilder } from './handles/request-builders';
export type { Duration, Size } from './units';
export type { Streamable } from './protocol/streamable';
export type { Parallel } from './patterns/parallel/parallel';
export type { ParallelTask } from './patterns/parallel/parallel-task';
export type { Pipeline, PipelineMapOptions } from './patterns/pipeline/pipeline';
export type { Interceptor, PipelineTask } from './patterns/pipeline/pipeline-task';
export type { Scatter, ScatterArguments, ScatterMetadata } from './patterns/scatter/scatter';
export type { RunOptions } from './patterns/pattern-run';
export type { PoolOptions } from './patterns/workpool/pool-options';
export type {
  DeadJob,
  Durable,
  DurableOptions,
  DurablePool,
  DurableQueue,
  JobPriority,
  QueueCounts,
  Recurrence,
  SubmitArguments,
  SubmitOptions,
} from './master/durable';
export type { PoolSize } from './patterns/workpool/pool-size';
export type { PoolHealth, WorkpoolEvents } from './patterns/workpool/pool-health';
export type { RepeatBuilder } from './patterns/workpool/repeat-run';
export type { TypedMembers, Workpool } from './patterns/workpool/workpool';
export type { WorkpoolOptions } from './patterns/workpool/workpool-options';
export type { MapOptions as WorkpoolMapOptions } from './patterns/workpool/map-run';
export type { Condition as WorkpoolCondition } from './patterns/workpool/repeat-run';
export type { BootstrapOptions, ContainerLike } from './decorators/bootstrap';
export type { CompletesByDone, TaskDecorator, TaskMethod } from './decorators/task';
export type { Class } from './decorators/task-metadata';

/**
 * Creates slaves and executes tasks on them: `Master.createSlave(…)` at once, by the default master of the process, or `new Master()` for a
 * separate one with its own slaves and ids.
 *
 * @example
 * ```js
 * const master = require('dist-io').Master;
 * const slave = master.createSlave('./slave.js');
 * const response = await slave.exec('say hello');
 * await slave.exit();
 * ```
 */
export declare const Master: MasterStatic;
/** A master: the type of `new Master()`, and of what `@inject(Master)` injects. */
export interface Master extends MasterInstance {}
/** @function */
export declare const Task: typeof import('./decorators/task').Task;
/** @function */
export declare const bootstrap: typeof import('./decorators/bootstrap').bootstrap;

// No Node has this symbol yet. Compiled TC39 decorators ask for it before they look at the first `@Task`.
if (!('metadata' in Symbol)) Reflect.defineProperty(Symbol, 'metadata', { value: Symbol.for('Symbol.metadata') });

/* eslint-disable @typescript-eslint/no-require-imports */
const lazy = {
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
    return lazy.Master;
  },
});
Object.defineProperty(exports, 'Task', {
  enumerable: true,
  get: function () {
    return lazy.Task;
  },
});
Object.defineProperty(exports, 'bootstrap', {
  enumerable: true,
  get: function () {
    return lazy.bootstrap;
  },
});
