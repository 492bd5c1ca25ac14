import { inspect, type InspectOptions } from 'node:util';
import type { Runtime } from '../channel/channel';
import { SlaveExitedError } from '../errors';
import type { Purged, TaskInfo } from '../protocol/messages';
import { ItemStream } from '../requests/item-stream';
import { validateCall, type Metadata } from '../requests/metadata';
import { checkSingleUse } from '../requests/single-use';
import { type ResultSink, PendingRequest } from '../requests/pending-request';
import type { AnyTasks, Client, TaskArguments, TaskItem, TaskName, TaskResult } from '../requests/task-types';
import type { SlaveFile } from '../spawn/slave-file';
import type { ResolvedSlaveOptions } from '../spawn/slave-options';
import type { Class } from '../task-marks';
import { type Duration, toMilliseconds } from '../units';
import { Emitter } from './emitter';
import { type ExitOptions, readExitMode } from './exit-options';
import { Incarnation } from './incarnation';
import type { ExitReport } from './lifecycle';
import { type PingReport, readPingOptions } from './ping-report';
import type { BroadcastBuilder } from './request-builders';
import { checkSignal } from './signal-name';
import { checkClientOf, createSlaveClient, requestCall } from './slave-client';
import type { HandleHost, SlaveHandleEvents } from './slave-events';
import type { Response } from './slave-response';

/**
 * What the master holds of a slave. Usable at once: requests wait until the slave has loaded.
 *
 * @typeParam Tasks the slave's tasks by name, when their types are known: see `Master.createSlave`
 */
export class SlaveHandle<Tasks = AnyTasks> extends Emitter<SlaveHandleEvents> {
  /** Unique in its master: 0, 1, 2, … */
  readonly id: number;
  /** The name it was given, or null. */
  readonly alias: string | null;
  /** Its file, absolute. */
  readonly path: string;
  /** The world that it lives in. */
  readonly runtime: Runtime;
  /** Whether it lives on another machine. */
  readonly isRemote: boolean = false;
  /** Reject instead of resolving a response with an error, when the metadata do not say. */
  rejectOnError: boolean;

  private timeoutMs: number;
  private groupName: string | null;
  private readonly host: HandleHost;
  private readonly incarnation: Incarnation;

  /** @internal */
  constructor(id: number, file: SlaveFile, options: ResolvedSlaveOptions, host: HandleHost) {
    super();
    this.id = id;
    this.alias = options.alias ?? null;
    this.path = file.path;
    this.runtime = options.runtime;
    this.rejectOnError = options.rejectOnError;
    this.timeoutMs = options.timeout;
    this.groupName = options.group ?? null;
    this.host = host;
    this.incarnation = new Incarnation(
      { id, label: this.label, file, options },
      {
        onReady: () => this.emitSafely('ready'),
        onSent: ({ task, data }) => this.emitSafely('request', task, data),
        onProgress: ({ task }, value) => this.emitSafely('progress', task, value),
        onBusyChange: (isBusy) => host.onBusyChange(this, isBusy),
        onClosed: () => host.closed(this),
        onEnded: (report, error) => {
          host.onEnded(this);
          if (!(error instanceof SlaveExitedError)) this.emitSafely('error', error);
          this.emitSafely('exit', report);
        },
      },
    );
  }

  /** The process that it runs in: for threads and inline slaves the master's own; undefined when it did not start. */
  get pid(): number | undefined {
    return this.incarnation.pid;
  }

  /** Whether it has not ended yet. */
  get isAlive(): boolean {
    return this.incarnation.isAlive;
  }

  /** Whether it accepts work and no request is pending on it. */
  get isIdle(): boolean {
    return this.acceptsRequests && this.pending === 0;
  }

  /** How many requests have not been settled yet. */
  get pending(): number {
    return this.incarnation.requests.pending;
  }

  /** @internal Whether it refuses new requests for want of room. */
  get isFull(): boolean {
    return this.incarnation.requests.isFull;
  }

  /** @internal How many requests stand before a new one: also those that were given up, with which it may still be busy. */
  get load(): number {
    return this.running + this.incarnation.requests.waiting;
  }

  /**
   * How many requests it has been sent and has not answered yet: also those that were given up, with which it may still be busy.
   * What else is pending waits for its turn, see the option `concurrency`.
   */
  get running(): number {
    return this.incarnation.running;
  }

  /** How many answers came after their request had been settled, by its timeout, its signal or who broke off reading, and were dropped. */
  get lateAnswers(): number {
    return this.incarnation.requests.lateAnswers;
  }

  /** The group it is in, or null. It may be changed at any time; the slave is told. */
  get group(): string | null {
    return this.groupName;
  }

  /** @throws TypeError when it is neither a text nor null */
  set group(group: string | null) {
    if (group !== null && (typeof group !== 'string' || group === ''))
      throw new TypeError('A group must be a text that is not empty, or null.');
    this.groupName = group;
    this.incarnation.setGroup(group);
  }

  /** How long a request may take when its metadata do not say, in ms; `Infinity` is for ever. */
  get timeout(): number {
    return this.timeoutMs;
  }

  /** Takes a text such as `'5s'` too; zero or less is for ever. @throws TypeError */
  set timeout(timeout: Duration) {
    this.timeoutMs = toMilliseconds(timeout, 'timeout');
  }

  /**
   * Waits until the slave's file has loaded. Optional: requests wait for it by themselves.
   *
   * @throws SpawnError, as a rejection, when the slave did not start
   */
  ready(): Promise<void> {
    return this.incarnation.lifecycle.whenReady;
  }

  /**
   * Executes a task of this slave.
   *
   * The promise always settles. It resolves a {@link Response} whose `error` says what went wrong, or rejects with that error when
   * `rejectOnError` is on.
   *
   * @param task the name
   * @param args the data that the task gets, which may be anything that structured clone can copy, and errors; then the
   *   {@link Metadata}: how to execute it, and what the task finds as `context.metadata`
   * @throws TypeError at once, for arguments of a wrong type
   * @example
   * ```js
   * const response = await slave.exec('say hello', 'Ann', { timeout: '5s' });
   * if (response.ok) console.log(response.value);
   * ```
   */
  exec<Name extends TaskName<Tasks>>(task: Name, ...args: TaskArguments<Tasks[Name]>): Promise<Response<TaskResult<Tasks[Name]>>> {
    const [data, metadata] = args as [unknown?, Metadata?];
    return this.request(task, data, metadata) as Promise<Response<TaskResult<Tasks[Name]>>>;
  }

  /**
   * Executes a task that streams, and gives its items as they come.
   *
   * Nothing happens before the first is asked for. The slave is never more than `metadata.highWaterMark` items ahead; breaking off ends
   * the task's generator, whose `finally` runs. An error is thrown after the items before it, but a timeout or an abort at once. A task
   * that does not stream gives one item, its value, or none when it has none. `exec` of a task that streams gives an array instead.
   *
   * @param task the name
   * @param args the data and the {@link Metadata}, as for {@link exec}
   * @throws TypeError at once, for arguments of a wrong type
   * @example
   * ```js
   * for await (const line of slave.stream('search', { file, word })) console.log(line);
   * ```
   */
  stream<Name extends TaskName<Tasks>>(task: Name, ...args: TaskArguments<Tasks[Name]>): ItemStream<TaskItem<Tasks[Name]>> {
    const [data, metadata] = args as [unknown?, Metadata?];
    validateCall(task, metadata);
    checkSingleUse(data, metadata);
    const stream = new ItemStream(data, metadata?.highWaterMark, (sink) => this.startRequest(task, data, metadata, sink));
    return stream as ItemStream<TaskItem<Tasks[Name]>>;
  }

  /**
   * A client with the methods of the slave's class, typed by it alone: `import type` suffices. Its methods resolve the value; a
   * failure rejects.
   *
   * It has exactly the methods of the class when it is given the class, or else once the slave is ready. Before that, it takes any name
   * for a method but those that programs and frameworks look up on every object, such as `toJSON`.
   *
   * @param of the class, or its name, which is needed only when two classes of the slave have a method of one name
   * @throws TypeError for anything else
   * @example
   * ```ts
   * import type { Greeter } from './greeter';
   * const greeter = master.createSlave('./greeter.js').as<Greeter>();
   * const text = await greeter.sayHello('Ann');
   * ```
   */
  as<Instance extends object>(of?: string | Class<Instance>): Client<Instance> {
    checkClientOf(of);
    return createSlaveClient(
      () => [this],
      (call) => requestCall(this, call),
      of,
    ) as Client<Instance>;
  }

  /**
   * Asks whether the slave is there, paused or not. It answers between two tasks: one that keeps its thread busy delays it.
   *
   * @param options `timeout`: how long to wait, ms or a text such as `'5s'`. Default: the slave's own
   * @throws TimeoutError, SlaveDiedError, SlaveExitedError, SpawnError, as a rejection
   * @example
   * ```js
   * const { roundTrip, uptime, memory } = await slave.ping({ timeout: '1s' });
   * ```
   */
  async ping(options?: { timeout?: Duration }): Promise<PingReport> {
    const { timeout: limit = this.timeoutMs } = readPingOptions(options);
    return this.incarnation.ping(limit);
  }

  /**
   * Ends the slave: refuses new work, lets the pending requests finish, stops it, and uses force after `shutdown`. Calling it
   * again is harmless.
   *
   * @throws TypeError at once, for options that do not exist or have a wrong value
   */
  exit(options?: ExitOptions): Promise<ExitReport> {
    const pending = readExitMode(options);
    this.incarnation.exit(pending);
    return this.incarnation.lifecycle.whenEnded;
  }

  /**
   * Ends the slave at once. Its pending requests are settled with a `SlaveExitedError`.
   *
   * @param signal default: `'SIGKILL'`. One that does not end the slave is followed by force after `shutdown`: a slave that is loading
   *   or keeps its thread busy receives `'SIGINT'` and `'SIGTERM'` only afterwards
   * @throws TypeError at once, for what is no signal
   */
  kill(signal: NodeJS.Signals = 'SIGKILL'): Promise<ExitReport> {
    checkSignal(signal);
    this.incarnation.kill(signal);
    return this.incarnation.lifecycle.whenEnded;
  }

  /** @internal The tasks that the slave has announced, by name. */
  get tasks(): ReadonlyMap<string, TaskInfo> {
    return this.incarnation.tasks;
  }

  /** @internal Whether it has loaded. */
  get isReady(): boolean {
    return this.incarnation.lifecycle.isReady;
  }

  /** @internal How messages call it. */
  get label(): string {
    return this.alias === null ? `slave ${this.id}` : `slave ${this.id} (${this.alias})`;
  }

  /** @internal Whether it takes new requests. */
  get acceptsRequests(): boolean {
    return this.incarnation.lifecycle.isOpen;
  }

  /** @internal Why it takes no new requests, or undefined when it does. */
  get refusal(): Error | undefined {
    return this.incarnation.lifecycle.whyClosed();
  }

  /**
   * @internal The same as exec, for callers that do not know its tasks.
   *
   * @param attempt which try of its task this is
   * @param reportedTimeout the timeout that the caller was given, in ms, when that of the metadata is what is left of it: errors name this one
   */
  request(task: string, data: unknown, metadata: Metadata | undefined, attempt = 1, reportedTimeout?: number): Promise<Response> {
    validateCall(task, metadata);
    checkSingleUse(data, metadata);
    const rejectOnError = metadata?.rejectOnError ?? this.rejectOnError;
    return new Promise((resolve, reject) => {
      this.startRequest(
        task,
        data,
        metadata,
        { resolve: resolve as ResultSink['resolve'], reject: rejectOnError ? reject : undefined },
        attempt,
        reportedTimeout,
      );
    });
  }

  /** @internal Makes a request whose outcome goes somewhere else. */
  startRequest(
    task: string,
    data: unknown,
    metadata: Metadata | undefined,
    sink: ResultSink,
    attempt = 1,
    reportedTimeout?: number,
  ): PendingRequest {
    const request = new PendingRequest(this, this.incarnation.requests, task, data, metadata, sink, attempt, reportedTimeout);
    this.incarnation.requests.submit(request);
    return request;
  }

  /** @internal The same for a task that is known only once the slave has loaded: until then it waits here. @param name until then */
  startRequestWhenReady(
    name: string,
    task: () => string,
    data: unknown,
    metadata: Metadata | undefined,
    sink: ResultSink,
    attempt = 1,
    reportedTimeout?: number,
  ): PendingRequest {
    const { requests, lifecycle } = this.incarnation;
    const request = new PendingRequest(this, requests, name, data, metadata, sink, attempt, reportedTimeout);
    requests.register(request);
    lifecycle.whenReady.then(
      () => requests.enqueue(request, task),
      // Its end settles what is pending.
      () => undefined,
    );
    return request;
  }

  /** @internal Lets it forget files and results of tasks; rejects when it ends. */
  purge(files: readonly string[], tasks: readonly string[]): Promise<Purged> {
    return this.incarnation.purge(files, tasks, this.timeoutMs);
  }

  /** @internal */
  pipe(response: Response, task: string, metadata: Metadata | undefined): BroadcastBuilder {
    return this.host.pipe(response, task, metadata);
  }

  /** @internal */
  onSettled(response: Response): void {
    this.emitSafely('response', response);
  }

  protected override emitSafely<Name extends keyof SlaveHandleEvents>(name: Name, ...args: SlaveHandleEvents[Name]): void {
    super.emitSafely(name, ...args);
    this.host.onEvent(this, name, args);
  }

  /** @internal What the console shows: not all that a handle holds. */
  [inspect.custom](_depth: number, options: InspectOptions): string {
    const { id, alias, group, runtime, path, pid, isAlive, pending } = this;
    return `SlaveHandle ${inspect({ id, alias, group, runtime, path, pid, isAlive, pending }, options)}`;
  }
}
