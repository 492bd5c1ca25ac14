import { inspect, type InspectOptions } from 'node:util';
import { SlaveExitedError } from '../../errors';
import { type ExitOptions, readExitMode } from '../../handles/exit-options';
import type { ExitReport } from '../../handles/lifecycle';
import { checkClientOf, createSlaveClient, type MethodCall } from '../../handles/slave-client';
import type { Class } from '../../task-marks';
import type { Response, ResponseArray } from '../../handles/slave-response';
import { withCallerStack } from '../../requests/caller-stack';
import { ItemStream } from '../../requests/item-stream';
import type { ResultSink } from '../../requests/pending-request';
import type { Metadata } from '../../requests/metadata';
import { startTimer } from '../../requests/start-timer';
import { clearTimeout } from '../../platform';
import type { Selector } from '../../handles/selector';
import type { SlaveHandle } from '../../handles/slave-handle';
import type { LivingSlaves } from '../../handles/living-slaves';
import type { AnyTasks, Client, TaskArguments, TaskItem, TaskName, TaskResult } from '../../requests/task-types';
import { readOptions, satisfying, type OptionReader, integerFrom } from '../../option-rules';
import { type Duration, toMilliseconds } from '../../units';
import { Dispatcher } from './workpool-dispatcher';
import { Job, JobSpec } from './workpool-job';
import { type MapOptions, MapRun } from './map-run';
import { type Condition, RepeatRun } from './repeat-run';

/** A selector that knows the tasks of its slaves: a handle, or an array or another iterable of handles. */
export type TypedMembers<Tasks> = SlaveHandle<Tasks> | Iterable<SlaveHandle<Tasks>>;

/** How a workpool deals with work. */
export interface WorkpoolOptions {
  /** How many pieces of the pool's work a member gets at one time. Default: 1. */
  concurrency?: number;
  /** How many pieces may wait; 0 is none. Beyond it, `do` gets a `QueueFullError`, `map` and `while` await room. Default: any number. */
  maxQueue?: number;
  /**
   * How long jobs wait for a new member when the last one has ended or was removed: ms or a string such as `'10s'`; zero is not at all,
   * `Infinity` is for ever. Default: `'5s'`.
   */
  refillTimeout?: Duration;
  /**
   * How long a job may take from when it is handed over, its time in the queue included: ms or a string such as `'10s'`; zero or less is
   * without limit. Metadata and the defaults of the task override it. Default: the slave's `timeout`, which does not count the queue.
   */
  timeout?: Duration;
}

export const WORKPOOL_RULES = {
  concurrency: integerFrom(1),
  maxQueue: satisfying(
    'a whole number',
    (value): value is number => value === Infinity || (Number.isInteger(value) && (value as number) >= 0),
  ),
  refillTimeout: (value: Duration, option: string) => (typeof value === 'number' && value <= 0 ? 0 : toMilliseconds(value, option)),
  timeout: toMilliseconds,
} satisfies Record<keyof WorkpoolOptions, OptionReader>;

/** The second half of `while(condition).do(…)`: names the task. */
export interface RepeatBuilder<Tasks = AnyTasks> {
  /**
   * Executes the task again and again.
   *
   * @returns all responses, in the order in which they were begun, once the last has come
   * @throws TypeError at once, for arguments of a wrong type
   */
  do<Name extends TaskName<Tasks>>(task: Name, ...args: TaskArguments<Tasks[Name]>): Promise<ResponseArray<TaskResult<Tasks[Name]>>>;
}

/**
 * Gives each piece of work to the next idle slave and keeps the rest waiting until one is. Made by `master.createWorkpool(…)`.
 *
 * @typeParam Tasks the tasks of the slaves by name, when their types are known
 * @example
 * ```js
 * const pool = master.createWorkpool(...slaves);
 * const response = await pool.do('shrink', file);
 * for await (const thumbnail of pool.map(files, 'shrink')) await save(thumbnail);
 * await pool.exit();
 * ```
 */
export class Workpool<Tasks = AnyTasks> {
  private readonly dispatcher: Dispatcher;
  private readonly timeout: number | undefined;
  private sharedSpec: JobSpec | undefined;
  /** Those that `exit` ends. */
  private exitingSlaves: readonly SlaveHandle[] | undefined;

  /** @internal @throws UnknownSlaveError, TypeError */
  constructor(
    private readonly livingSlaves: LivingSlaves,
    args: readonly (Selector | WorkpoolOptions)[],
  ) {
    const last = args.at(-1);
    const options = readOptions(isOptions(last) ? last : {}, WORKPOOL_RULES);
    const { concurrency = 1, maxQueue = Infinity, refillTimeout = 5000 } = options;
    this.timeout = options.timeout;
    this.dispatcher = new Dispatcher({ concurrency, maxQueue, refillTimeout });
    this.add(...((isOptions(last) ? args.slice(0, -1) : args) as Selector[]));
  }

  /** The members, in the order in which they joined. */
  get slaves(): SlaveHandle[] {
    return this.dispatcher.members.slaves;
  }

  /** How many pieces of work wait. */
  get waiting(): number {
    return this.dispatcher.waiting;
  }

  /** How many pieces of work are being executed. */
  get running(): number {
    return this.dispatcher.running;
  }

  /**
   * Executes a task on the next idle member. Like `exec`, it always settles: it resolves a response whose `error` says what went
   * wrong, or rejects with that error when `rejectOnError` is on.
   *
   * Of the metadata, `priority` says what comes first, `timeout` counts from now, and `retries` take place on another member.
   *
   * @throws TypeError at once, for arguments of a wrong type
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
   * Executes a task that streams, and gives its items as they come: see `SlaveHandle.stream`. It is a job like one of {@link do}, which
   * is handed over when the first item is asked for, and keeps its member until the task has ended.
   *
   * @throws TypeError at once, for arguments of a wrong type
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
   * A client with the methods of the members' class; each call is a job of the pool, so that its queue, limits, retries and priorities
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

  /** Work without metadata shares its spec: of a million waiting jobs, each object counts. */
  private specFor(task: string): JobSpec {
    if (this.sharedSpec?.task !== task) this.sharedSpec = this.createSpec(task, undefined);
    return this.sharedSpec;
  }

  /** @param taskOfMethod set when `task` names a method of a class */
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
   * Says how long to go on; `do` then says with what. The condition is asked whenever a member could take a further piece of work.
   * It gets the number of pieces so far and the responses that have come. All ends early when the pool has no member left.
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
   * Executes a task for each item of a source, which may be endless: neither it nor the members get far ahead of the consumer. A
   * failure throws; then, and when the consumer breaks off, what is on its way is aborted and the source is closed.
   *
   * @returns the values of the responses; nothing happens before the first is asked for
   * @throws TypeError at once, for arguments of a wrong type
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
   * Lets slaves join.
   *
   * @throws UnknownSlaveError
   * @throws SlaveExitedError when the pool has been ended
   */
  add(...slaves: Selector[]): this {
    if (this.exitingSlaves !== undefined) throw new SlaveExitedError('The workpool', { mayHaveExecuted: false });
    this.dispatcher.addMembers(this.livingSlaves.select(slaves));
    return this;
  }

  /** Lets members leave: they finish what they have begun, get nothing new, and are not ended. @throws UnknownSlaveError */
  remove(...slaves: Selector[]): this {
    this.dispatcher.removeMembers(this.livingSlaves.select(slaves));
    return this;
  }

  /** Resolves once no work waits and none is being executed. */
  drain(): Promise<void> {
    return this.dispatcher.drained();
  }

  /**
   * Accepts no new jobs, finishes the queued and running ones, and ends the members: see `SlaveHandle.exit`. Jobs that are left after the
   * time of the members' option `shutdown` are aborted. Calling it again is harmless.
   *
   * @throws TypeError at once, for options that do not exist or have a wrong value
   */
  exit(options?: ExitOptions): Promise<ExitReport[]> {
    return this.shutDown(readExitMode(options));
  }

  private async shutDown(pending: 'finish' | 'abort'): Promise<ExitReport[]> {
    this.dispatcher.close(pending);
    const slaves = (this.exitingSlaves ??= this.slaves);
    const isFinished = pending === 'finish' && (await this.finishWithin(Math.max(0, ...slaves.map(({ shutdown }) => shutdown))));
    if (!isFinished) this.dispatcher.close('abort');
    return Promise.all(slaves.map((slave) => slave.exit({ pending: isFinished ? 'finish' : 'abort' })));
  }

  /** @returns whether all jobs have their outcome within the time, in ms */
  private finishWithin(ms: number): Promise<boolean> {
    return new Promise((resolve) => {
      const timer = startTimer(ms, () => resolve(false));
      void this.dispatcher.settled().then(() => {
        if (timer !== undefined) clearTimeout(timer);
        resolve(true);
      });
    });
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

/** Options are a plain object, which no selector is. */
function isOptions(argument: Selector | WorkpoolOptions | undefined): argument is WorkpoolOptions {
  return typeof argument === 'object' && (argument as unknown) !== null && Object.getPrototypeOf(argument) === Object.prototype;
}
