import type { RestartIntensityError } from '../errors';
import type { PendingRequest } from '../requests/pending-request';
import { startTimer } from '../requests/start-timer';
import { clearTimeout } from '../platform';
import { pauseBefore } from '../supervision/backoff';
import { Incarnation } from './incarnation';
import type { IncarnationEvents, IncarnationSpec } from './incarnation-events';
import type { EndedBecause, EndError, ExitReport } from './lifecycle';
import { Monitor } from './monitor';
import type { RestartReport } from './slave-events';
import type { Supervisor } from './supervisor';

/** What the incarnations of a slave report to its handle, and need of it. */
export interface IncarnationsHost {
  /** The group of the slave. */
  readonly group: string | null;
  onReady(): void;
  onSent(request: PendingRequest): void;
  onProgress(request: PendingRequest, value: unknown): void;
  /** The number of pending requests has become 0, or is no longer 0. */
  onBusyChange(): void;
  /** Whether it accepts work, or has loaded, may have changed. */
  onStateChange(): void;
  /** It accepts no more work, and will not again. */
  onClosed(): void;
  /** A process of it has ended. */
  onDeath(error: EndError): void;
  /** Another process has been started. */
  onRestart(report: RestartReport): void;
  /** It has ended for good. */
  onEnded(report: ExitReport): void;
}

/** The processes of a slave, one after the other. It starts and ends them as the {@link Supervisor} decides. */
export class Incarnations {
  /** The one that gets the requests. */
  current: Incarnation;
  readonly whenEnded: Promise<ExitReport>;
  private resolveEnded!: (report: ExitReport) => void;
  private readonly events: IncarnationEvents;
  /** The number of restarts so far. */
  private restartCount = 0;
  /** Those that are ending and do not have its place, or not any more. */
  private readonly retired = new Set<Incarnation>();
  /** Whether the slave is to end for good. */
  private isEnding = false;
  private startTimer: NodeJS.Timeout | undefined;
  /** In ms: the pause of a start that follows once the requests of the one before are settled. */
  private nextStart: number | undefined;
  private isSettling = false;
  private lastError: EndError | null = null;
  /** How the current one has ended. */
  private lastReport: ExitReport | undefined;
  /** Watches the current one, once it has loaded. */
  private monitor: Monitor | undefined;
  /** Takes the place of the current one once it has loaded. */
  private successor: Incarnation | undefined;
  /** How many successors in a row have not loaded. */
  private failedSuccessors = 0;
  /** Whether the current one was put in place, and {@link start} has not been called yet. */
  private isAwaitingStart = false;

  constructor(
    private readonly spec: IncarnationSpec,
    private readonly supervisor: Supervisor,
    private readonly host: IncarnationsHost,
  ) {
    this.whenEnded = new Promise((resolve) => (this.resolveEnded = resolve));
    this.events = this.createEvents();
    this.current = this.create();
    supervisor.add(this);
    this.current.start(host.group);
  }

  get id(): number {
    return this.spec.id;
  }

  get label(): string {
    return this.spec.label;
  }

  get restarts(): number {
    return this.restartCount;
  }

  get isExiting(): boolean {
    return this.isEnding;
  }

  /** The number of requests that are not settled. */
  get pending(): number {
    let { pending } = this.current.requests;
    for (const { requests } of this.retired) pending += requests.pending;
    return pending;
  }

  /** Waits until the current one has loaded, or the one that takes its place. */
  async ready(): Promise<void> {
    for (;;) {
      const { current } = this;
      try {
        return await current.lifecycle.whenReady;
      } catch (error) {
        if (current === this.current) throw current.lifecycle.whyClosed() ?? error;
      }
    }
  }

  /** Ends the slave gracefully, for good. */
  exit(pending: 'finish' | 'abort'): void {
    this.endForGood();
    // What waits for a restart is still to be done.
    if (!this.current.isStarted && pending === 'finish' && this.current.requests.pending > 0) this.current.start(this.host.group);
    if (this.current.isStarted) this.current.exit(pending, this.supervisor.whenDependentsEnded(this));
    else this.current.kill('SIGKILL');
    if (pending === 'abort') for (const incarnation of this.retired) incarnation.exit('abort');
  }

  /** Ends the slave at once, for good. */
  kill(signal: NodeJS.Signals): void {
    this.endForGood();
    this.current.kill(signal);
    for (const incarnation of this.retired) incarnation.kill(signal);
  }

  /** Ends the slave for good: what is pending, and what is requested from now on, gets this error. */
  giveUp(error: (mayHaveExecuted: boolean) => RestartIntensityError): void {
    this.endForGood();
    this.current.giveUp(error);
    this.host.onClosed();
    if (this.current.isStarted) this.current.exit('abort');
    else this.current.kill('SIGKILL');
  }

  /** Ends the current process, which another follows once {@link start} is called. */
  stop(because: EndedBecause): void {
    this.discardSuccessor();
    if (this.current.isStarted) this.current.retire('abort', because);
  }

  /** Puts another one in the place of the current one, for the requests. It has not started, unless the current one was being recycled. */
  replace(): void {
    this.monitor?.stop();
    this.retired.add(this.current);
    this.current =
      this.successor ?? this.supervisor.takeSpare()?.assign(this.spec, this.events, this.host.group) ?? this.create(this.current);
    this.successor = undefined;
    this.isAwaitingStart = true;
  }

  /** The same, but until it has loaded, all requests get this error. */
  suspend(error: (mayHaveExecuted: boolean) => RestartIntensityError): void {
    this.current.lifecycle.giveUp(error);
    this.replace();
    if (!this.current.isReady) this.current.lifecycle.giveUp(error);
  }

  /** Starts the one that was put in place. @param pause in ms */
  start(pause: number): void {
    if (this.isEnding) return;
    if (this.isSettling) {
      this.nextStart = pause;
      return;
    }
    clearTimeout(this.startTimer);
    this.startTimer = pause === 0 ? undefined : startTimer(pause, () => this.startNow());
    this.checkPauseKept();
    if (pause === 0) this.startNow();
  }

  /** With the option `unref`, a pause keeps the program alive only while requests wait for its end. */
  private checkPauseKept(): void {
    const isKept = !this.spec.options.unref || this.current.requests.pending > 0;
    this.startTimer?.[isKept ? 'ref' : 'unref']();
  }

  private startNow(): void {
    if (this.isEnding || !this.isAwaitingStart) return;
    this.isAwaitingStart = false;
    this.current.start(this.host.group);
    this.host.onRestart({ restarts: ++this.restartCount, error: this.lastError });
    this.lastError = null;
    // A spare has loaded already.
    if (this.current.isReady) this.onReady();
  }

  /** Loads a successor, which then takes the place of the current one. */
  private recycle(): void {
    const { isReady, lifecycle } = this.current;
    if (this.isEnding || this.successor !== undefined || !isReady || lifecycle.isExiting) return;
    this.monitor?.stop();
    this.successor = this.create(this.current);
    this.successor.start(this.host.group);
  }

  private onSuccessorReady(): void {
    const old = this.current;
    this.failedSuccessors = 0;
    this.replace();
    old.retire('finish', {
      type: 'death',
      reason: 'recycled',
      detail: 'its replacement was due, and its tasks had not ended within `shutdown`.',
    });
    this.startNow();
  }

  /** The current one goes on. */
  private onSuccessorFailed(error: EndError): void {
    this.successor = undefined;
    this.host.onDeath(error);
    const pause = pauseBefore(++this.failedSuccessors, this.spec.options.backoff, Math.random());
    clearTimeout(this.startTimer);
    this.startTimer = startTimer(pause, () => this.recycle());
    this.checkPauseKept();
  }

  private onReady(): void {
    this.monitor?.stop();
    this.monitor = new Monitor(this.current, this.spec.options, () => this.recycle());
    this.supervisor.onReady();
    this.host.onReady();
    this.host.onStateChange();
  }

  private endForGood(): void {
    this.isEnding = true;
    clearTimeout(this.startTimer);
    this.monitor?.stop();
    this.discardSuccessor();
    this.supervisor.leave(this);
    this.current.lifecycle.stopReplacing();
  }

  private discardSuccessor(): void {
    const { successor } = this;
    if (successor === undefined) return;
    this.successor = undefined;
    this.retired.add(successor);
    successor.kill('SIGKILL');
  }

  private create(predecessor?: Incarnation): Incarnation {
    return new Incarnation(this.spec, this.events, predecessor);
  }

  private createEvents(): IncarnationEvents {
    const { host } = this;
    return {
      onReady: (incarnation) => {
        if (incarnation === this.successor) this.onSuccessorReady();
        else if (incarnation === this.current) this.onReady();
      },
      onSent: (request) => host.onSent(request),
      onProgress: (request, value) => host.onProgress(request, value),
      onBusyChange: () => {
        this.checkPauseKept();
        host.onBusyChange();
      },
      onCompleted: (incarnation) => incarnation === this.current && this.monitor?.completed(),
      onDue: (incarnation) => incarnation === this.current && this.spec.options.restart !== 'temporary' && this.recycle(),
      onClosed: (incarnation) => {
        if (incarnation === this.current) host.onClosed();
        host.onStateChange();
      },
      onEnding: (incarnation) => this.onEnding(incarnation),
      onEnded: (incarnation, report, error) => this.onEnded(incarnation, report, error),
    };
  }

  private onEnding(incarnation: Incarnation): void {
    if (incarnation !== this.current) return;
    this.monitor?.stop();
    if (this.isEnding) return;
    this.lastError = incarnation.lifecycle.endError(incarnation.isReady);
    this.isSettling = true;
    this.supervisor.onEnd(this, incarnation, this.lastError);
    if (incarnation === this.current) this.endForGood();
    this.host.onStateChange();
  }

  private onEnded(incarnation: Incarnation, report: ExitReport, error: EndError): void {
    this.retired.delete(incarnation);
    if (incarnation === this.current) this.lastReport = report;
    if (incarnation === this.successor) this.onSuccessorFailed(error);
    else this.host.onDeath(error);
    this.isSettling = false;
    if (this.nextStart !== undefined) this.start(this.nextStart);
    this.nextStart = undefined;
    if (this.retired.size > 0 || !this.isEnding || !this.current.lifecycle.isOver) return;
    const last = this.lastReport ?? report;
    this.host.onEnded(last);
    const spares = this.supervisor.whenSparesEnded;
    if (spares === undefined) this.resolveEnded(last);
    else void spares.then(() => this.resolveEnded(last));
  }
}
