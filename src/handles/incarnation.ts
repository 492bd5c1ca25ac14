import type { SlaveChannel, SlaveExit } from '../channel/channel';
import { type SlaveDiedError, SlaveExitedError, type SpawnError } from '../errors';
import type { Pong, Purged, TaskInfo, ToMaster } from '../protocol/messages';
import { performance } from '../performance';
import { ControlRequests } from '../requests/control-requests';
import type { PendingRequest } from '../requests/pending-request';
import { SlaveRequests } from '../requests/slave-requests';
import type { SlaveFile } from '../spawn/slave-file';
import type { ResolvedSlaveOptions } from '../spawn/slave-options';
import { startSlave } from '../spawn/start-slave';
import { type ExitReport, Lifecycle } from './lifecycle';
import { warnOfLostOutput } from './lost-output';
import type { PingReport } from './ping-report';

/** What an incarnation starts from. */
export interface IncarnationSpec {
  readonly id: number;
  /** The slave's name in messages. */
  readonly label: string;
  readonly file: SlaveFile;
  readonly options: ResolvedSlaveOptions;
}

/** What an incarnation reports to its handle. */
export interface IncarnationEvents {
  onReady(): void;
  onSent(request: PendingRequest): void;
  onProgress(request: PendingRequest, value: unknown): void;
  /** The first request has come, or the last one is settled. */
  onBusyChange(isBusy: boolean): void;
  /** It accepts no more work. */
  onClosed(): void;
  /** It has ended, and its requests are settled. @param error what its requests got */
  onEnded(report: ExitReport, error: SlaveExitedError | SlaveDiedError | SpawnError): void;
}

/**
 * One process (or thread) of a slave with everything that ends with it: channel, lifecycle, requests and announced tasks. The term is
 * Akka's: an actor keeps its name and reference while its incarnations are replaced, as a handle outlives the processes of its slave.
 */
export class Incarnation {
  /** The tasks that it has announced, by name. */
  readonly tasks = new Map<string, TaskInfo>();
  readonly lifecycle: Lifecycle;
  readonly requests: SlaveRequests;
  readonly label: string;
  /** In ms: how long a graceful end may take. */
  readonly shutdown: number;
  private readonly channel: SlaveChannel;
  private readonly pings = new ControlRequests<Pong>('ping', this);
  private readonly purges = new ControlRequests<Purged>('purge', this);

  constructor(
    { id, label, file, options }: IncarnationSpec,
    private readonly events: IncarnationEvents,
  ) {
    this.label = label;
    this.shutdown = options.shutdown;
    this.lifecycle = new Lifecycle(id, label, file.path);
    this.requests = new SlaveRequests({
      name: label,
      concurrency: options.concurrency,
      maxPending: options.maxPending,
      isLoading: () => !this.isReady,
      taskNames: () => [...this.tasks.keys()],
      defaultsOf: (task) => this.tasks.get(task)?.defaults,
      whyClosed: () => this.lifecycle.whyClosed(),
      send: (message, transfer) => this.channel.send(message, transfer),
      onBusyChange: (isBusy) => events.onBusyChange(isBusy),
      onSent: (request) => events.onSent(request),
      onProgress: (request, value) => events.onProgress(request, value),
      onGraceExpired: ({ task, grace }) => this.kill('SIGKILL', `its task '${task}' had not stopped within ${grace} ms of being cancelled`),
    });
    this.channel = startSlave(id, file, options, {
      message: (message) => this.handle(message),
      end: (exit) => this.onChannelEnd(exit),
    });
    this.lifecycle.loadWithin(options.startTimeout, () => {
      events.onClosed();
      this.channel.kill('SIGKILL');
    });
  }

  get pid(): number | undefined {
    return this.channel.pid;
  }

  get isAlive(): boolean {
    return !this.lifecycle.isOver;
  }

  get isReady(): boolean {
    return this.lifecycle.isReady;
  }

  /** The number of requests that the slave has not answered yet, cancelled ones included. */
  get running(): number {
    return this.isAlive ? this.requests.running : 0;
  }

  setGroup(group: string | null): void {
    if (this.isAlive) this.channel.send({ type: 'set-group', group });
  }

  /** @param timeout in ms @throws TimeoutError, SlaveDiedError, SlaveExitedError, SpawnError, as a rejection */
  async ping(timeout: number): Promise<PingReport> {
    if (!this.isAlive) throw this.lifecycle.errorFor(false);
    const asked = performance.now();
    const { uptime, memory } = await this.pings.send((id) => this.channel.send({ type: 'ping', id }), timeout);
    return { roundTrip: performance.now() - asked, uptime, memory: memory as unknown as NodeJS.MemoryUsage };
  }

  /** Drops cached files and results of tasks. @param timeout in ms @throws the errors of {@link ping}, as a rejection */
  purge(files: readonly string[], tasks: readonly string[], timeout: number): Promise<Purged> {
    return this.purges.send((id) => this.channel.send({ type: 'purge', id, files, tasks }), timeout);
  }

  /** Ends it gracefully. Calling it again is harmless, and `'abort'` then overrides `'finish'`. */
  exit(pending: 'finish' | 'abort'): void {
    if (!this.isAlive || this.lifecycle.isKilled) return;
    const isFirst = !this.lifecycle.isExiting;
    this.lifecycle.beginExit();
    this.events.onClosed();
    if (pending === 'abort') this.abortAndExit();
    else if (isFirst) this.requests.whenAllSent(() => this.channel.send({ type: 'exit', pending }));
    this.forceAfterShutdown();
  }

  /** Ends it without asking it. @param reason why, when the user did not ask for it */
  kill(signal: NodeJS.Signals, reason: string | null = null): void {
    if (!this.isAlive) return;
    this.lifecycle.markKilled(reason);
    this.events.onClosed();
    this.channel.kill(signal);
    this.forceAfterShutdown();
  }

  private abortAndExit(): void {
    this.requests.settleAll((isSent) => new SlaveExitedError(this.label, { mayHaveExecuted: isSent }));
    // One that has not loaded must not begin with the requests it was sent, and has nothing to clean up.
    if (this.isReady) this.channel.send({ type: 'exit', pending: 'abort' });
    else this.kill('SIGKILL');
  }

  private forceAfterShutdown(): void {
    this.lifecycle.killAfter(this.shutdown, () => this.channel.kill('SIGKILL'));
  }

  private handle(message: ToMaster): void {
    switch (message.type) {
      case 'ready':
      case 'tasks':
        for (const task of message.tasks) this.tasks.set(task.name, task);
        this.requests.applyDefaults(message.tasks);
        if (message.type === 'tasks') return;
        if (this.lifecycle.markReady()) this.events.onReady();
        return;
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
    this.lifecycle.markEnded(exit, this.requests.pending, (report) => {
      this.requests.end((isSent) => this.lifecycle.errorFor(isSent));
      for (const requests of [this.pings, this.purges]) requests.settleAll(() => this.lifecycle.errorFor(true));
      this.events.onEnded(report, this.lifecycle.errorFor(true));
    });
  }
}
