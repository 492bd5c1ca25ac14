import type { SlaveChannel, SlaveExit } from '../channel/channel';
import { type RestartIntensityError, SlaveExitedError } from '../errors';
import type { Pong, Purged, TaskInfo, ToMaster, ToSlave } from '../protocol/messages';
import { performance } from '../performance';
import { ControlRequests } from '../requests/control-requests';
import { SlaveRequests } from '../requests/slave-requests';
import { startSlave } from '../spawn/start-slave';
import { type EndedBecause, Lifecycle } from './lifecycle';
import { warnOfLostOutput } from './lost-output';
import type { IncarnationEvents, IncarnationSpec } from './incarnation-events';
import type { PingReport } from './ping-report';

/**
 * One process (or thread) of a slave with everything that ends with it: channel, lifecycle, requests and announced tasks. The term is
 * Akka's: an actor keeps its name and reference while its incarnations are replaced, as a handle outlives the processes of its slave.
 *
 * Until it is started, its requests wait.
 */
export class Incarnation {
  /** The tasks that it has announced, by name; until then those of its predecessor. */
  readonly tasks: Map<string, TaskInfo>;
  readonly lifecycle: Lifecycle;
  readonly requests: SlaveRequests;
  private channel: SlaveChannel | undefined;
  /** What was to be sent before it has started. */
  private readonly unsent: ToSlave[] = [];
  private started = 0;
  private readonly pings = new ControlRequests<Pong>('ping', this, () => this.checkKept());
  private readonly purges = new ControlRequests<Purged>('purge', this, () => this.checkKept());
  /** Whether it keeps the program alive. */
  private isKept = true;

  constructor(
    private spec: IncarnationSpec,
    private events: IncarnationEvents,
    predecessor?: Incarnation,
  ) {
    const { id, label, file, options } = spec;
    this.tasks = new Map(predecessor?.tasks);
    this.lifecycle = new Lifecycle(id, label, file.path);
    this.requests = new SlaveRequests({
      name: () => this.label,
      concurrency: () => (this.isServing ? options.concurrency : 0),
      claims: () => this.channel?.claims,
      maxPending: options.maxPending,
      maxPendingBytes: options.maxPendingBytes,
      isRestarted: this.isRestarted,
      isLoading: () => !this.isReady,
      taskNames: () => [...this.tasks.keys()],
      defaultsOf: (task) => this.tasks.get(task)?.defaults,
      whyClosed: () => this.lifecycle.whyClosed(),
      send: (message, options) => this.channel?.send(message, options) ?? 0,
      onBusyChange: () => {
        this.checkKept();
        this.events.onBusyChange();
      },
      onCompleted: () => this.events.onCompleted(this),
      onSent: (request) => this.events.onSent(request),
      onProgress: (request, value) => this.events.onProgress(request, value),
      onGraceExpired: ({ task, grace }) =>
        this.killBecause({ type: 'exit', reason: `its task '${task}' had not stopped within ${grace} ms of being cancelled` }),
    });
  }

  /** Starts its process. @param group the group of the slave at this time */
  start(group: string | null): void {
    if (this.isStarted || this.lifecycle.isOver) return;
    const { id, file, options } = this.spec;
    this.started = performance.now();
    this.channel = startSlave(
      id,
      file,
      { ...options, group: group ?? undefined },
      {
        message: (message) => this.handle(message),
        end: (exit) => this.onChannelEnd(exit),
        due: () => this.events.onDue(this),
      },
    );
    this.lifecycle.loadWithin(options.startTimeout, () => {
      if (this.isRestarted) this.lifecycle.markReplaced();
      this.closeIfNotReplaced();
      this.channel?.kill('SIGKILL');
    });
    for (const message of this.unsent.splice(0)) this.channel.send(message);
    this.requests.started();
  }

  get label(): string {
    return this.spec.label;
  }

  /** Gives a spare the place of a slave. */
  assign(spec: IncarnationSpec, events: IncarnationEvents, group: string | null): this {
    this.spec = spec;
    this.events = events;
    this.lifecycle.assign(spec.id, spec.label);
    this.checkKept();
    this.setGroup(group);
    return this;
  }

  get isStarted(): boolean {
    return this.channel !== undefined;
  }

  /** In ms: how long ago it was started. */
  get age(): number {
    return this.isStarted ? performance.now() - this.started : 0;
  }

  get pid(): number | undefined {
    return this.channel?.pid;
  }

  get host(): string | undefined {
    return this.channel?.host;
  }

  /** Whether it has started and not ended. */
  get isAlive(): boolean {
    return this.isStarted && !this.lifecycle.isOver;
  }

  get isReady(): boolean {
    return this.lifecycle.isReady;
  }

  /** Whether it is restarted when it has ended and nobody asked for that. */
  private get isRestarted(): boolean {
    return this.spec.options.restart !== 'temporary';
  }

  /** Whether it may be sent requests. */
  get isServing(): boolean {
    return this.channel !== undefined && this.lifecycle.isServing;
  }

  /** The number of requests that the slave has not answered yet, cancelled ones included. */
  get running(): number {
    return this.isAlive ? this.requests.running : 0;
  }

  setGroup(group: string | null): void {
    const { id, options } = this.spec;
    if (this.isAlive) this.send({ type: 'identity', id, alias: options.alias ?? null, group });
  }

  /** @param timeout in ms @throws TimeoutError, SlaveDiedError, SlaveExitedError, SpawnError, as a rejection */
  async ping(timeout: number): Promise<PingReport> {
    if (this.lifecycle.isOver) throw this.lifecycle.errorFor(false);
    const asked = performance.now();
    const { uptime, memory, eventLoop } = await this.pings.send((id) => this.send({ type: 'ping', id }), timeout);
    return { roundTrip: performance.now() - asked, uptime, memory: memory as unknown as NodeJS.MemoryUsage, eventLoop };
  }

  /** Drops cached files and results of tasks. @param timeout in ms @throws the errors of {@link ping}, as a rejection */
  purge(files: readonly string[], tasks: readonly string[], timeout: number): Promise<Purged> {
    return this.purges.send((id) => this.send({ type: 'purge', id, files, tasks }), timeout);
  }

  /**
   * Ends it gracefully. Calling it again is harmless, and `'abort'` then overrides `'finish'`.
   *
   * @param dependents it is asked to end when this is settled; until then it only accepts no more work
   */
  exit(pending: 'finish' | 'abort', dependents?: Promise<unknown>): void {
    const { lifecycle } = this;
    if (lifecycle.isOver || lifecycle.isKilled) return;
    const isFirst = !lifecycle.isExiting;
    lifecycle.beginExit();
    this.events.onClosed(this);
    this.checkKept();
    if (pending === 'abort') this.requests.settleAll((isSent) => new SlaveExitedError(this.label, { mayHaveExecuted: isSent }));
    if (dependents === undefined) this.exitNow(pending, isFirst);
    else void dependents.then(() => this.exitNow(pending, isFirst));
  }

  private exitNow(pending: 'finish' | 'abort', isFirst: boolean): void {
    const { lifecycle, requests, spec } = this;
    if (lifecycle.isOver || lifecycle.isKilled) return;
    // One that has not loaded must not begin with the requests it was sent, and has nothing to clean up.
    if (spec.options.shutdown === 'brutal_kill' || (pending === 'abort' && !this.isReady)) return this.kill('SIGKILL');
    if (pending === 'abort') this.send({ type: 'exit', pending });
    else if (isFirst) requests.whenAllSent(() => this.send({ type: 'exit', pending }));
    this.forceAfterShutdown();
  }

  /** Ends it without asking it. */
  kill(signal: NodeJS.Signals): void {
    if (this.lifecycle.isOver) return;
    this.lifecycle.stopReplacing();
    this.lifecycle.markKilled();
    this.events.onClosed(this);
    if (!this.isStarted) return this.onChannelEnd({ code: null, signal: null, stderrTail: '' });
    this.channel?.kill(signal);
    this.forceAfterShutdown();
  }

  /** Ends it without asking it, though its user did not ask for that. One that is restarted goes on accepting requests. */
  killBecause(because: EndedBecause): void {
    if (!this.isAlive) return;
    this.lifecycle.endBecause(because, this.isRestarted);
    this.lifecycle.markKilled();
    this.closeIfNotReplaced();
    this.checkKept();
    this.channel?.kill('SIGKILL');
  }

  /** Ends it since a successor has its place, or is about to. @param pending what becomes of the requests that it was sent */
  retire(pending: 'finish' | 'abort', because: EndedBecause): void {
    const { lifecycle, requests } = this;
    if (!this.isAlive || lifecycle.isExiting) return;
    lifecycle.endBecause(because, true);
    requests.settleWaiting(() => lifecycle.errorFor(false));
    if (this.spec.options.shutdown === 'brutal_kill') return this.channel?.kill('SIGKILL');
    this.send({ type: 'exit', pending });
    this.forceAfterShutdown();
  }

  /** Settles what is pending, with an error that each of its requests gets from now on. */
  giveUp(error: (mayHaveExecuted: boolean) => RestartIntensityError): void {
    this.lifecycle.giveUp(error);
    this.requests.settleAll((isSent) => this.lifecycle.errorFor(isSent));
  }

  /** With the option `unref`, it keeps the program alive only while something is expected of it. @returns whether it does */
  checkKept(): boolean {
    this.keep(!this.spec.options.unref || this.isAwaited);
    return this.isAlive && this.isKept;
  }

  /** Has the same effect as the option `unref`, until something is expected of it or {@link checkKept} is called. */
  release(): void {
    this.keep(this.isAwaited);
  }

  private get isAwaited(): boolean {
    return !this.isReady || this.lifecycle.isExiting || this.requests.pending > 0 || this.pings.isBusy || this.purges.isBusy;
  }

  private keep(isKept: boolean): void {
    if (isKept === this.isKept || !this.isAlive) return;
    this.isKept = isKept;
    this.channel?.keepAlive(isKept);
  }

  private closeIfNotReplaced(): void {
    if (!this.lifecycle.isReplaced) this.events.onClosed(this);
  }

  /** Before it has started, messages wait. */
  private send(message: ToSlave): void {
    if (this.channel === undefined) this.unsent.push(message);
    else this.channel.send(message);
  }

  private forceAfterShutdown(): void {
    this.checkKept();
    const { shutdown } = this.spec.options;
    this.lifecycle.killAfter(shutdown === 'brutal_kill' ? 0 : shutdown, () => this.channel?.kill('SIGKILL'));
  }

  private handle(message: ToMaster): void {
    switch (message.type) {
      case 'ready':
      case 'tasks':
        if (message.type === 'ready') this.tasks.clear();
        for (const task of message.tasks) this.tasks.set(task.name, task);
        this.requests.applyDefaults(message.tasks);
        if (message.type === 'tasks' || !this.lifecycle.markReady()) return;
        this.checkKept();
        this.events.onReady(this);
        return this.requests.loaded();
      case 'crash':
        return this.lifecycle.recordCrash(message.error);
      case 'lost output':
        return warnOfLostOutput(this.label, message.bytes);
      case 'pong':
        return this.pings.settle(message);
      case 'purged':
        return this.purges.settle(message);
      default:
        return this.requests.handle(message);
    }
  }

  private onChannelEnd(exit: SlaveExit): void {
    const { lifecycle, events } = this;
    lifecycle.markEnded(exit, this.requests.pending, (report) => {
      events.onEnding(this);
      this.requests.end((isSent) => lifecycle.errorFor(isSent));
      for (const requests of [this.pings, this.purges]) requests.settleAll(() => lifecycle.errorFor(true));
      events.onEnded(this, report, lifecycle.errorFor(this.isReady));
    });
  }
}
