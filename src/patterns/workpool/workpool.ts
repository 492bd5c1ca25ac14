import { inspect, type InspectOptions } from 'node:util';
import { SlaveExitedError } from '../../errors';
import { exitAll } from '../../handles/exit-all';
import { type ExitOptions, readExitMode } from '../../handles/exit-options';
import type { ExitReport } from '../../handles/lifecycle';
import { checkClientOf, createSlaveClient, type MethodCall } from '../../handles/slave-client';
import type { Class } from '../../task-marks';
import type { Response, ResponseArray } from '../../handles/slave-response';
import { withCallerStack } from '../../requests/caller-stack';
import { ItemStream } from '../../requests/item-stream';
import type { ResultSink } from '../../requests/request-call';
import type { Metadata } from '../../requests/metadata';
import { settlesWithin } from '../../requests/settles-within';
import type { Selector } from '../../handles/selector';
import { Emitter } from '../../handles/emitter';
import { splitOptions } from '../../handles/split-options';
import type { SlaveHandle } from '../../handles/slave-handle';
import type { LivingSlaves } from '../../handles/living-slaves';
import type { AnyTasks, Client, TaskArguments, TaskItem, TaskName, TaskResult } from '../../requests/task-types';
import { readOptions } from '../../option-rules';
import { healthOf, type PoolHealth, type WorkpoolEvents } from './pool-health';
import { PoolScaler, type Scaling } from './pool-size';
import { Dispatcher } from './workpool-dispatcher';
import { Job, JobSpec } from './workpool-job';
import { type MapOptions, MapRun } from './map-run';
import { type Condition, type RepeatBuilder, RepeatRun } from './repeat-run';
import { WORKPOOL_RULES, type WorkpoolOptions } from './workpool-options';

/** A selector with the types of its slaves' tasks: a handle, or an iterable of handles. */
export type TypedMembers<Tasks> = SlaveHandle<Tasks> | Iterable<SlaveHandle<Tasks>>;

/**
 * Executes each job on the next idle slave; further jobs wait in a queue. Created by `master.createWorkpool(…)`.
 *
 * @typeParam Tasks the types of the slaves' tasks by name, if known
 * @example
 * ```js
 * const pool = master.createWorkpool(...slaves);
 * const response = await pool.do('shrink', file);
 * for await (const thumbnail of pool.map(files, 'shrink')) await save(thumbnail);
 * await pool.exit();
 * ```
 */
export class Workpool<Tasks = AnyTasks> extends Emitter<WorkpoolEvents> {
  private readonly dispatcher: Dispatcher;
  private readonly timeout: number | undefined;
  private sharedSpec: JobSpec | undefined;
  private readonly scaler: PoolScaler | undefined;
  private lastStatus: PoolHealth['status'] = 'failing';
  /** The members at the first call of `exit`. */
  private exitingSlaves: readonly SlaveHandle[] | undefined;

  /** @internal */
  constructor(
    private readonly livingSlaves: LivingSlaves,
    args: readonly (Selector | WorkpoolOptions)[],
    scaling?: Scaling,
  ) {
    super();
    const [members, given = {}] = splitOptions<Selector, WorkpoolOptions>(args);
    const options = readOptions(given, WORKPOOL_RULES);
    const { concurrency = 1, maxQueue = Infinity, refillTimeout = 5000 } = options;
    this.timeout = options.timeout;
    this.dispatcher = new Dispatcher(
      { concurrency, maxQueue, refillTimeout },
      { onMembersChange: () => this.checkHealth(), onShortage: (jobs) => this.grow(jobs) },
    );
    if (scaling !== undefined) this.scaler = new PoolScaler(scaling, this.dispatcher.members);
    this.add(...members);
  }

  /** The members, in the order in which they joined. */
  get slaves(): SlaveHandle[] {
    return this.dispatcher.members.slaves;
  }

  /** Whether the pool can do its work: for a readiness probe, or a log. The event `health` follows each change of its `status`. */
  get health(): PoolHealth {
    return healthOf(this.dispatcher.members.kept);
  }

  private grow(jobs: number): void {
    const slaves = this.scaler?.grow(jobs) ?? [];
    if (slaves.length > 0) this.dispatcher.addMembers(slaves);
  }

  private checkHealth(): void {
    const { health } = this;
    if (health.status === this.lastStatus || this.exitingSlaves !== undefined) return;
    this.lastStatus = health.status;
    this.emitSafely('health', health);
  }

  /** Number of waiting jobs. */
  get waiting(): number {
    return this.dispatcher.waiting;
  }

  /** Number of jobs in execution. */
  get running(): number {
    return this.dispatcher.running;
  }

  /**
   * Executes a task on the next idle member. Like `exec`, it always settles: it resolves with a response, whose `error` is set on failure,
   * or, if `rejectOnError` is true, rejects with that error. Jobs with a higher `priority` in the metadata start first, `timeout` includes
   * the time in the queue, and `retries` use another member.
   *
   * @throws TypeError synchronously, for arguments of a wrong type
   * @throws NoSlaveError, as a rejection, when the pool has no member
   */
  do<Name extends TaskName<Tasks>>(task: Name, ...args: TaskArguments<Tasks[Name]>): Promise<Response<TaskResult<Tasks[Name]>>> {
    const [data, metadata] = args as [unknown?, Metadata?];
    const spec = metadata === undefined ? this.specFor(task) : this.createSpec(task, metadata);
    spec.check(data);
    const done = new Promise((resolve, reject) => this.submit(spec, data, { resolve, reject }));
    return done as Promise<Response<TaskResult<Tasks[Name]>>>;
  }

  /**
   * Executes a task that streams, and yields its items as they arrive: see `SlaveHandle.stream`. It is a job like one of {@link do}. It is
   * submitted when the first item is requested, and occupies its member until the task has ended.
   *
   * @throws TypeError synchronously, for arguments of a wrong type
   * @example
   * ```js
   * for await (const line of pool.stream('search', { file, word })) console.log(line);
   * ```
   */
  stream<Name extends TaskName<Tasks>>(task: Name, ...args: TaskArguments<Tasks[Name]>): ItemStream<TaskItem<Tasks[Name]>> {
    const [data, metadata] = args as [unknown?, Metadata?];
    const spec = this.createSpec(task, { ...metadata, rejectOnError: true });
    spec.check(data);
    const stream = new ItemStream(data, metadata?.highWaterMark, (sink) => this.submit(spec, data, sink));
    return stream as ItemStream<TaskItem<Tasks[Name]>>;
  }

  /**
   * Creates a client with the methods of the members' class. Each call is a job, so that the pool's queue, limits, retries and priorities
   * apply, and members that join later are used. See `SlaveHandle.as`.
   *
   * @example
   * ```ts
   * const thumbs = master.createPool(4, './thumbs.js').as<Thumbs>();
   * const thumbnail = await thumbs.shrink(file, { retries: 1 });
   * ```
   */
  as<Instance extends object>(of?: string | Class<Instance>): Client<Instance> {
    checkClientOf(of);
    const client = createSlaveClient(
      () => this.slaves,
      ({ method, task, data, metadata, sink }) =>
        this.submit(this.createSpec(method, { ...metadata, rejectOnError: true }, task), data, sink),
      of,
    );
    return client as Client<Instance>;
  }

  private submit(spec: JobSpec, data: unknown, sink: ResultSink): Job {
    const { nominalSlave } = this.dispatcher.members;
    const job = new Job(spec, data, nominalSlave?.callerStack ? withCallerStack(sink) : sink);
    this.dispatcher.submit(job);
    return job;
  }

  /** The spec of jobs without metadata, shared to save memory with many waiting jobs. */
  private specFor(task: string): JobSpec {
    if (this.sharedSpec?.task !== task) this.sharedSpec = this.createSpec(task, undefined);
    return this.sharedSpec;
  }

  /** @param taskOfMethod given when `task` is the name of a method of a class */
  private createSpec(task: string, metadata: Metadata | undefined, taskOfMethod?: MethodCall['task']): JobSpec {
    return new JobSpec(task, this.withTimeout(task, metadata), taskOfMethod);
  }

  /** Applies the pool's timeout, unless the metadata or the task have one. */
  private withTimeout(task: string, metadata: Metadata | undefined): Metadata | undefined {
    const { timeout } = this;
    if (timeout === undefined || metadata?.timeout !== undefined) return metadata;
    const hasDefault = this.dispatcher.members.nominalSlave?.defaultsOf(task)?.timeout !== undefined;
    return hasDefault ? metadata : { ...metadata, timeout };
  }

  /**
   * Sets the condition of a repetition; `do` of the result sets the task and starts it. The condition is called whenever a member could take
   * another job, with the number of jobs so far and the responses that have arrived. The repetition also ends when the pool has no members.
   *
   * @example
   * ```js
   * const responses = await pool.while((i) => i < 1000).do('throw darts', 1e6);
   * ```
   */
  while(condition: Condition): RepeatBuilder<Tasks> {
    if (typeof condition !== 'function') throw new TypeError(`The condition must be a function, not ${String(condition)}.`);
    const repeat = (task: string, data?: unknown, metadata?: Metadata): Promise<ResponseArray> => {
      const spec = this.createSpec(task, metadata);
      spec.check(data, Infinity);
      return new RepeatRun(this.dispatcher, condition, spec, data).finished;
    };
    return { do: repeat as RepeatBuilder<Tasks>['do'] };
  }

  /**
   * Executes a task for each item of a source. The source may be endless, since backpressure of the consumer limits the items in flight.
   * After a failure, and when the consumer leaves its loop, running jobs are aborted and the source is closed.
   *
   * @returns the values of the responses. The iteration starts when the first value is requested, and throws the error of a failed job
   * @throws TypeError synchronously, for arguments of a wrong type
   */
  map<Name extends TaskName<Tasks>>(
    source: Iterable<TaskArguments<Tasks[Name]>[0]> | AsyncIterable<TaskArguments<Tasks[Name]>[0]>,
    task: Name,
    options?: MapOptions,
  ): AsyncGenerator<TaskResult<Tasks[Name]>, void, undefined> {
    const metadata = this.withTimeout(task, options?.metadata);
    const values = new MapRun(this.dispatcher, source, task, metadata === undefined ? options : { ...options, metadata }).values();
    return values as AsyncGenerator<TaskResult<Tasks[Name]>, void, undefined>;
  }

  /**
   * Adds members.
   *
   * @throws UnknownSlaveError when a selector matches no slave
   * @throws SlaveExitedError after a call of `exit`
   */
  add(...slaves: Selector[]): this {
    if (this.exitingSlaves !== undefined) throw new SlaveExitedError('The workpool', { mayHaveExecuted: false });
    this.dispatcher.addMembers(this.livingSlaves.select(slaves));
    return this;
  }

  /**
   * Removes members. They finish their current jobs and are not ended.
   *
   * @throws UnknownSlaveError when a selector matches no slave
   */
  remove(...slaves: Selector[]): this {
    this.dispatcher.removeMembers(this.livingSlaves.select(slaves));
    return this;
  }

  /** Whether another job may wait: the pool is not exiting, and `maxQueue` is not reached. */
  get writable(): boolean {
    return this.dispatcher.hasRoom;
  }

  /** Resolves once the pool is {@link writable}, or when it takes no jobs any more: the next job then tells why. */
  drained(): Promise<void> {
    return this.dispatcher.roomMade();
  }

  /** Resolves once no job waits and none is in execution. */
  drain(): Promise<void> {
    return this.dispatcher.drained();
  }

  /**
   * Refuses new jobs, finishes the queued and running ones, and ends the members: see `SlaveHandle.exit`. Aborts the jobs that have not
   * finished within the members' option `shutdown`. Further calls are allowed.
   *
   * @throws TypeError synchronously, for an unknown option or a wrong value
   */
  exit(options?: ExitOptions): Promise<ExitReport[]> {
    return this.shutDown(readExitMode(options));
  }

  /** Does the same as {@link exit}, at the end of the block of `await using pool = master.createPool(…)`. */
  async [Symbol.asyncDispose](): Promise<void> {
    await this.exit();
  }

  private async shutDown(pending: 'finish' | 'abort'): Promise<ExitReport[]> {
    this.dispatcher.close(pending);
    this.scaler?.stop();
    const slaves = (this.exitingSlaves ??= this.dispatcher.members.kept);
    const isFinished =
      pending === 'finish' && (await settlesWithin(Math.max(0, ...slaves.map(({ shutdown }) => shutdown)), this.dispatcher.settled()));
    if (!isFinished) this.dispatcher.close('abort');
    return exitAll(slaves, isFinished ? 'finish' : 'abort');
  }

  /** @internal Written by loggers. */
  toJSON(): object {
    const { slaves, waiting, running } = this;
    return { slaves, waiting, running };
  }

  /** @internal Shown by console.log. */
  [inspect.custom](_depth: number, options: InspectOptions): string {
    return `Workpool ${inspect(this.toJSON(), options)}`;
  }
}
