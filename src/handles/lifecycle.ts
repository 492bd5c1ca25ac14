import type { SlaveExit } from '../channel/channel';
import { type DeathReason, LinkLostError, type RestartIntensityError, SlaveDiedError, SlaveExitedError, SpawnError } from '../errors';
import { summary } from '../format';
import { startTimer } from '../requests/start-timer';
import { clearTimeout, setImmediate } from '../platform';

/** How a slave ended. */
export interface ExitReport {
  /** The id of the slave. */
  readonly id: number;
  /** The exit code of its process; null when a signal ended it. */
  readonly code: number | null;
  /** The signal that ended it, or null. */
  readonly signal: string | null;
  /** Whether it was killed because it had not ended within `shutdown`. */
  readonly forced: boolean;
}

/** Why the master has ended a slave that its user did not ask it to end. */
export type EndedBecause =
  | { readonly type: 'death'; readonly reason: 'unresponsive' | 'recycled'; readonly detail: string }
  | { readonly type: 'exit'; readonly reason: string };

/** The error of a request whose slave has ended. */
export type EndError = SlaveExitedError | SlaveDiedError | LinkLostError | SpawnError | RestartIntensityError;

/** The states of an incarnation from its start to its end, and the errors that they mean for requests. */
export class Lifecycle {
  readonly whenReady: Promise<void>;
  readonly whenEnded: Promise<ExitReport>;
  private resolveReady!: () => void;
  private rejectReady!: (error: Error) => void;
  private resolveEnded!: (report: ExitReport) => void;

  private hasLoaded = false;
  /** The master has asked it to end: it accepts no more work. */
  private exiting = false;
  /** The master has killed it, without waiting for its work. */
  private killed = false;
  /** Why the master ends it, when the user did not ask for it. */
  private because: EndedBecause | null = null;
  /** It is being ended to be replaced: requests are accepted, for its successor. */
  private replaced = false;
  /** Makes the error of everything that is requested, until it has loaded or for good. */
  private givenUp: ((mayHaveExecuted: boolean) => RestartIntensityError) | undefined;
  /** It was killed because it had not ended within `shutdown`. */
  private forced = false;
  /** The `startTimeout` that it has exceeded while loading, in ms, or null. */
  private exceeded: number | null = null;
  private loading: NodeJS.Timeout | undefined;
  private forceTimer: NodeJS.Timeout | undefined;
  private crash: unknown;
  private ending: SlaveExit | undefined;
  /** The number of requests that had no answer when it ended. */
  private unanswered = 0;

  constructor(
    private id: number,
    private name: string,
    private readonly path: string,
  ) {
    this.whenEnded = new Promise((resolve) => (this.resolveEnded = resolve));
    this.whenReady = new Promise((resolve, reject) => {
      this.resolveReady = resolve;
      this.rejectReady = reject;
    });
    // Not an unhandled rejection: without ready(), each request reports the failure.
    this.whenReady.catch(() => undefined);
  }

  /** A spare gets the place of a slave. */
  assign(id: number, name: string): void {
    this.id = id;
    this.name = name;
  }

  get isOver(): boolean {
    return this.ending !== undefined;
  }

  /** Whether it has ever loaded. */
  get isReady(): boolean {
    return this.hasLoaded;
  }

  get isExiting(): boolean {
    return this.exiting;
  }

  get isKilled(): boolean {
    return this.killed;
  }

  /** Whether it has ended by itself with exit code 0. */
  get isNormalEnd(): boolean {
    return this.ending?.code === 0 && this.because === null && this.ending.error === undefined && this.ending.thrown === undefined;
  }

  get isReplaced(): boolean {
    return this.replaced;
  }

  /** @returns false when it comes after `startTimeout` */
  markReady(): boolean {
    this.hasLoaded = true;
    if (this.exceeded !== null) return false;
    this.givenUp = undefined;
    clearTimeout(this.loading);
    this.resolveReady();
    return true;
  }

  /** Lets the start fail unless it has loaded within `ms`. */
  loadWithin(ms: number, kill: () => void): void {
    const exceed = (): void => {
      if (this.hasLoaded || this.isOver) return;
      this.exceeded = ms;
      kill();
    };
    // A master that was busy reads first the messages that have arrived meanwhile.
    this.loading = startTimer(ms, () => setImmediate(exceed));
  }

  /** The slave has reported the exception that is about to end it. */
  recordCrash(error: unknown): void {
    this.crash = error;
  }

  /** It accepts no more work. */
  beginExit(): void {
    this.exiting = true;
  }

  /** The master ends it for a reason of its own, at once or gracefully. @param isReplaced whether a successor takes its requests */
  endBecause(because: EndedBecause, isReplaced: boolean): void {
    if (this.exiting) return;
    this.because = because;
    this.replaced = isReplaced;
    this.exiting = true;
  }

  /** A successor takes its requests. */
  markReplaced(): void {
    this.replaced = true;
  }

  /** The user no longer wants a successor. */
  stopReplacing(): void {
    this.replaced = false;
  }

  markKilled(): void {
    this.exiting = this.killed = true;
  }

  /** Refuses requests until it has loaded; for good once it has ended. */
  giveUp(error: (mayHaveExecuted: boolean) => RestartIntensityError): void {
    this.givenUp = error;
  }

  /** Kills it unless it ends within `ms`. */
  killAfter(ms: number, kill: () => void): void {
    if (this.isOver) return;
    this.forceTimer ??= startTimer(ms, () => {
      this.killed = this.forced = true;
      kill();
    });
  }

  /** It has ended: settles `whenReady`, and afterwards `whenEnded` once `settled` has run. */
  markEnded(ending: SlaveExit, unanswered: number, settled: (report: ExitReport) => void): void {
    this.ending = ending;
    this.unanswered = unanswered;
    clearTimeout(this.forceTimer);
    clearTimeout(this.loading);
    if (!this.hasLoaded || this.exceeded !== null) this.rejectReady(this.errorFor(false));
    const report = { id: this.id, code: ending.code, signal: ending.signal, forced: this.forced };
    settled(report);
    this.resolveEnded(report);
  }

  /** Whether requests are refused since it was restarted too often. */
  get isSuspended(): boolean {
    return this.givenUp !== undefined;
  }

  /** Whether requests are sent to it, not kept for its successor. */
  get isServing(): boolean {
    return !this.replaced && this.givenUp === undefined;
  }

  /** Whether it accepts new requests. */
  get isOpen(): boolean {
    return this.ending === undefined && this.givenUp === undefined && (this.replaced || (!this.exiting && this.exceeded === null));
  }

  /** Why it accepts no new requests, or undefined when it does. */
  whyClosed(): EndError | undefined {
    if (this.isOpen) return undefined;
    if (this.givenUp !== undefined) return this.givenUp(false);
    if (this.ending !== undefined || this.exceeded !== null) return this.errorFor(false);
    return this.exitedError(false);
  }

  /** The error of a request that has no answer. */
  errorFor(mayHaveExecuted: boolean): EndError {
    // While it lives, its message that it has loaded may be on its way.
    return this.givenUp?.(mayHaveExecuted && (this.hasLoaded || !this.isOver)) ?? this.endError(mayHaveExecuted);
  }

  /** How it ended, whatever that means for its successors. */
  endError(mayHaveExecuted: boolean): SlaveExitedError | SlaveDiedError | LinkLostError | SpawnError {
    const { code = null, signal = null, stderrTail = '', error, thrown = this.crash, reason, lostHost } = this.ending ?? {};
    const cause = error ?? thrown;
    // The code is the program's to choose, `process.exitCode`, unless a request has lost its answer.
    const hasFinished = this.hasLoaded && signal === null && cause === undefined && this.unanswered === 0;
    const isDeath = this.because?.type === 'death' && this.killed;
    if (!isDeath && (this.killed || (this.exiting && (code === 0 || hasFinished))))
      return this.exitedError(mayHaveExecuted && this.hasLoaded);

    const ownDetail = error?.message ?? (thrown === undefined ? detailOf(signal, reason) : `it threw ${summary(thrown)}`);
    const detail = this.exceeded === null ? ownDetail : loadsTooLong(this.exceeded);
    const facts = { exitCode: code, signal, stderrTail, cause };
    // One that loaded too late has begun with its requests by the time it is ended. So may one whose message that it is ready was lost.
    const isReadyLost = !this.hasLoaded && mayHaveExecuted && error !== undefined && reason !== undefined;
    const hasBegun = isReadyLost || (this.hasLoaded && (this.exceeded === null || mayHaveExecuted));
    if (!hasBegun) return new SpawnError(this.path, detail ?? endedEarly(code, signal, stderrTail), facts);
    if (lostHost !== undefined) return new LinkLostError(this.name, lostHost.name, { mayHaveExecuted, detail: lostHost.detail });
    if (this.because?.type === 'death') {
      const { reason, detail } = this.because;
      return new SlaveDiedError(this.name, { ...facts, mayHaveExecuted, reason, detail });
    }
    return new SlaveDiedError(this.name, { ...facts, mayHaveExecuted, detail, reason: reason ?? reasonOf(signal, thrown) });
  }

  private exitedError(mayHaveExecuted: boolean): SlaveExitedError {
    const reason = this.because?.reason ?? null;
    return new SlaveExitedError(this.name, { mayHaveExecuted, forced: this.forced, reason });
  }
}

/** Signals that the kernel or an abort raises for a fault of the program itself. */
const FAULTS = ['SIGABRT', 'SIGSEGV', 'SIGBUS', 'SIGILL', 'SIGFPE', 'SIGTRAP', 'SIGSYS'];

function reasonOf(signal: string | null, thrown: unknown): DeathReason {
  if (thrown !== undefined || (signal !== null && FAULTS.includes(signal))) return 'crash';
  return signal === null ? 'exit' : 'signal';
}

function detailOf(signal: string | null, reason: DeathReason | undefined): string | null {
  if (reason !== 'out of memory') return null;
  return signal === 'SIGKILL'
    ? 'the kernel killed it to free memory. Give the machine or the control group more memory, or limit the slave with maxMemory.'
    : "it reached V8's heap limit. Raise it with execArgv: ['--max-old-space-size=…'], or limit the slave with maxMemory.";
}

function loadsTooLong(ms: number): string {
  return `it had not finished loading within its startTimeout of ${ms} ms. Look for an await at its top level that never settles, or give it a longer startTimeout.`;
}

function endedEarly(code: number | null, signal: string | null, stderrTail: string): string {
  const how = signal === null ? `with exit code ${code}` : `by ${signal}`;
  const ended = `it ended ${how} before it had loaded`;
  if (code === UNSETTLED_AWAIT) return `${ended}: an await at its top level never settles.`;
  return stderrTail.trim() === '' ? `${ended}.` : `${ended}. Its last output on stderr is in stderrTail.`;
}

/** Node's exit code for a main module that waits for nothing that can still happen. */
const UNSETTLED_AWAIT = 13;
