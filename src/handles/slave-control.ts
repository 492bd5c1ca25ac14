import type { Runtime } from '../channel/channel';
import { SlaveExitedError } from '../errors';
import type { Purged, TaskDefaults, TaskInfo } from '../protocol/messages';
import type { SlaveFile } from '../spawn/slave-file';
import type { SlaveRequests } from '../requests/slave-requests';
import type { ResolvedSlaveOptions } from '../spawn/slave-options';
import { type Duration, toMilliseconds } from '../units';
import { Emitter } from './emitter';
import { type ExitOptions, readExitMode } from './exit-options';
import type { Incarnation } from './incarnation';
import { Incarnations, type IncarnationsHost } from './incarnations';
import type { ExitReport } from './lifecycle';
import { type PingReport, readPingOptions } from './ping-report';
import { checkSignal } from './signal-name';
import type { HandleHost, SlaveHandleEvents } from './slave-events';
import type { Supervisor } from './supervisor';

/** What a slave is created from. */
export interface SlaveSpec {
  readonly id: number;
  readonly file: SlaveFile;
  readonly options: ResolvedSlaveOptions;
}

/** The state of a slave and what can be done to it, apart from its tasks. It outlives the slave's process, which is its incarnation. */
export abstract class SlaveControl extends Emitter<SlaveHandleEvents> {
  /** Unique within its master: 0, 1, 2, … */
  readonly id: number;
  /** The name given at its creation, or null. */
  readonly alias: string | null;
  /** The absolute path of its file. */
  readonly path: string;
  /** The runtime it was created with. */
  readonly runtime: Runtime;
  /** Whether it runs on another machine. */
  readonly isRemote: boolean;
  /** Whether failed requests reject instead of resolving a response with an error. Metadata override it. */
  rejectOnError: boolean;
  /** @internal In ms: the option `shutdown`; 0 for `'brutal_kill'`. */
  readonly shutdown: number;
  /** @internal Whether the stacks of its requests' errors have the lines of the caller. */
  readonly callerStack: boolean;

  private timeoutMs: number;
  private groupName: string | null;
  /** @internal */
  protected readonly owner: HandleHost;
  /** @internal */
  protected readonly incarnations: Incarnations;
  private isBusy = false;
  private readonly observers = new Set<() => void>();

  /** @internal */
  constructor({ id, file, options }: SlaveSpec, supervisor: Supervisor, owner: HandleHost) {
    super();
    this.id = id;
    this.alias = options.alias ?? null;
    this.path = file.path;
    this.isRemote = file.openRemote !== undefined;
    this.runtime = options.runtime;
    this.rejectOnError = options.rejectOnError;
    this.callerStack = options.callerStack;
    this.timeoutMs = options.timeout;
    this.groupName = options.group ?? null;
    this.owner = owner;
    this.shutdown = options.shutdown === 'brutal_kill' ? 0 : options.shutdown;
    this.incarnations = new Incarnations({ id, file, options, label: this.label }, supervisor, this.incarnationsHost());
  }

  private incarnationsHost(): IncarnationsHost {
    const { owner } = this;
    const group = (): string | null => this.groupName;
    return {
      get group() {
        return group();
      },
      onReady: () => this.emitSafely('ready'),
      onSent: ({ task, data }) => this.emitSafely('request', task, data),
      onProgress: ({ task }, value) => this.emitSafely('progress', task, value),
      onBusyChange: () => this.checkBusy(),
      onStateChange: () => {
        for (const observer of this.observers) observer();
      },
      onClosed: () => owner.onClosed(this),
      onDeath: (error) => {
        if (!(error instanceof SlaveExitedError)) this.emitSafely('error', error);
      },
      onRestart: (report) => this.emitSafely('restart', report),
      onEnded: (report) => {
        owner.onEnded(this);
        this.emitSafely('exit', report);
      },
    };
  }

  private checkBusy(): void {
    const isBusy = this.pending > 0;
    if (isBusy === this.isBusy) return;
    this.isBusy = isBusy;
    this.owner.onBusyChange(this, isBusy);
  }

  private get incarnation(): Incarnation {
    return this.incarnations.current;
  }

  /** @internal Calls back when it may have begun, or ceased, to accept work or to be ready. @returns the inverse */
  observe(observer: () => void): () => void {
    this.observers.add(observer);
    return () => this.observers.delete(observer);
  }

  /** How often it has been restarted. */
  get restarts(): number {
    return this.incarnations.restarts;
  }

  /** The id of its process: for threads and inline slaves the master's own; undefined when it did not start. */
  get pid(): number | undefined {
    return this.incarnation.pid;
  }

  /** Whether it has a process that has not ended. Between two of its processes, it has none. */
  get isAlive(): boolean {
    return this.incarnation.isAlive;
  }

  /** Whether it accepts work and has no pending request. */
  get isIdle(): boolean {
    return this.acceptsRequests && this.pending === 0;
  }

  /** The number of requests that are not settled yet. */
  get pending(): number {
    return this.incarnations.pending;
  }

  /**
   * The number of requests that the slave was sent and has not answered yet. Cancelled ones count, since it may still be busy with them.
   * The other pending requests wait for their turn: see the option `concurrency`.
   */
  get running(): number {
    return this.incarnation.running;
  }

  /** The number of answers that were dropped: their requests had timed out, were aborted, or their reader had left. */
  get lateAnswers(): number {
    return this.incarnation.requests.lateAnswers;
  }

  /** Its group, or null. Can be set at any time; the slave is notified. */
  get group(): string | null {
    return this.groupName;
  }

  /** @throws TypeError unless it is a non-empty string or null */
  set group(group: string | null) {
    if (group !== null && (typeof group !== 'string' || group === '')) throw new TypeError('A group must be a non-empty string, or null.');
    this.groupName = group;
    this.incarnation.setGroup(group);
  }

  /** How long a request may take, in ms; `Infinity` is without limit. Metadata override it. */
  get timeout(): number {
    return this.timeoutMs;
  }

  /** Also takes a string such as `'5s'`. Zero or less is without limit. @throws TypeError */
  set timeout(timeout: Duration) {
    this.timeoutMs = toMilliseconds(timeout, 'timeout');
  }

  /**
   * Waits until the slave's file has loaded. Optional: requests wait for it by themselves.
   *
   * @throws SpawnError, as a rejection, when the slave did not start
   */
  ready(): Promise<void> {
    return this.incarnations.ready();
  }

  /**
   * Asks the slave for a sign of life. It answers between two tasks, paused or not; a task that keeps its thread busy delays the answer.
   *
   * @param options `timeout`: how long to wait, in ms or as a string such as `'5s'`. Default: the slave's `timeout`
   * @throws TimeoutError, SlaveDiedError, SlaveExitedError, SpawnError, as a rejection
   * @example
   * ```js
   * const { roundTrip, uptime, memory } = await slave.ping({ timeout: '1s' });
   * ```
   */
  async ping(options?: { timeout?: Duration }): Promise<PingReport> {
    const { timeout = this.timeoutMs } = readPingOptions(options);
    return this.incarnation.ping(timeout);
  }

  /**
   * Ends the slave gracefully: it accepts no new requests, finishes the pending ones and stops. After the time of the option `shutdown`, it
   * is killed. Calling it again is harmless.
   *
   * @throws TypeError at once, for an unknown option or a wrong value
   */
  exit(options?: ExitOptions): Promise<ExitReport> {
    this.incarnations.exit(readExitMode(options));
    return this.incarnations.whenEnded;
  }

  /**
   * Ends the slave at once. Its pending requests are settled with a `SlaveExitedError`.
   *
   * @param signal default: `'SIGKILL'`. After another signal, a slave that keeps running is killed after the time of the option `shutdown`.
   *   A slave that is loading or keeps its thread busy receives `'SIGINT'` and `'SIGTERM'` only afterwards
   * @throws TypeError at once, for a signal that does not exist
   */
  kill(signal: NodeJS.Signals = 'SIGKILL'): Promise<ExitReport> {
    checkSignal(signal);
    this.incarnations.kill(signal);
    return this.incarnations.whenEnded;
  }

  /** Does the same as {@link exit}, at the end of the block of `await using slave = master.createSlave(…)`. */
  async [Symbol.asyncDispose](): Promise<void> {
    await this.exit();
  }

  /** @internal Whether it has loaded. */
  get isReady(): boolean {
    return this.incarnation.isReady;
  }

  /** @internal Lets the program end while it is idle, until it is busy again or {@link hold} is called. */
  release(): void {
    this.incarnation.release();
  }

  /** @internal The inverse of {@link release}. @returns whether it keeps the program alive */
  hold(): boolean {
    return this.incarnation.checkKept();
  }

  /** @internal Its name in messages. */
  get label(): string {
    return this.alias === null ? `slave ${this.id}` : `slave ${this.id} (${this.alias})`;
  }

  /** @internal The tasks that it has announced, by name. */
  get tasks(): ReadonlyMap<string, TaskInfo> {
    return this.incarnation.tasks;
  }

  /** @internal The timeout of a request without one in its metadata, in ms: the task's default, where it is announced, or the slave's. */
  timeoutOf(task: string): number {
    return this.defaultsOf(task)?.timeout ?? this.timeoutMs;
  }

  /** @internal The defaults that the slave has announced for a task, once it has. */
  defaultsOf(task: string): TaskDefaults | undefined {
    return this.tasks.get(task)?.defaults;
  }

  /** @internal Whether it accepts new requests. */
  get acceptsRequests(): boolean {
    return this.incarnation.lifecycle.isOpen;
  }

  /** @internal Those of the process that new ones go to. */
  get requests(): SlaveRequests {
    return this.incarnation.requests;
  }

  /** @internal Whether it can be sent requests now: it is loading or has loaded, and is not about to be replaced. */
  get isServing(): boolean {
    return this.incarnation.isServing;
  }

  /** @internal Whether its work fails because it was restarted too often, though it is still tried. */
  get isSuspended(): boolean {
    return !this.incarnations.isExiting && this.incarnation.lifecycle.isSuspended;
  }

  /** @internal Why it accepts no new requests, or undefined when it does. */
  get refusal(): Error | undefined {
    return this.incarnation.lifecycle.whyClosed();
  }

  /** @internal Whether `maxPending` requests are pending. */
  get isFull(): boolean {
    return this.incarnation.requests.isFull;
  }

  /** @internal The number of requests ahead of a new one: in flight, cancelled ones included, and waiting. */
  get load(): number {
    return this.running + this.incarnation.requests.waiting;
  }

  /** @internal Drops cached files and results of tasks. @throws the errors of {@link ping}, as a rejection */
  purge(files: readonly string[], tasks: readonly string[]): Promise<Purged> {
    return this.incarnation.purge(files, tasks, this.timeoutMs);
  }
}
