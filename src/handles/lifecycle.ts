import type { SlaveExit } from '../channel/channel';
import { SlaveDiedError, SlaveExitedError, SpawnError } from '../errors';
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
  /** Why it was killed, when the user did not ask for it. */
  private reason: string | null = null;
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
    private readonly id: number,
    private readonly name: string,
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

  /** @returns false when it comes after `startTimeout` */
  markReady(): boolean {
    this.hasLoaded = true;
    if (this.exceeded !== null) return false;
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

  /** @param reason why, when the user did not ask for it */
  markKilled(reason: string | null = null): void {
    if (!this.killed) this.reason = reason;
    this.exiting = this.killed = true;
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

  /** Whether it accepts new requests. */
  get isOpen(): boolean {
    return this.ending === undefined && !this.exiting && this.exceeded === null;
  }

  /** Why it accepts no new requests, or undefined when it does. */
  whyClosed(): SlaveExitedError | SlaveDiedError | SpawnError | undefined {
    if (this.ending !== undefined || this.exceeded !== null) return this.errorFor(false);
    return this.exiting ? new SlaveExitedError(this.name, { mayHaveExecuted: false, reason: this.reason }) : undefined;
  }

  /** The error of a request that has no answer. */
  errorFor(mayHaveExecuted: boolean): SlaveExitedError | SlaveDiedError | SpawnError {
    const { code = null, signal = null, stderrTail = '', error, thrown = this.crash } = this.ending ?? {};
    const cause = error ?? thrown;
    // The code is the program's to choose, `process.exitCode`, unless a request has lost its answer.
    const hasFinished = this.hasLoaded && signal === null && cause === undefined && this.unanswered === 0;
    if (this.killed || (this.exiting && (code === 0 || hasFinished))) {
      const facts = { mayHaveExecuted: mayHaveExecuted && this.hasLoaded, forced: this.forced, reason: this.reason };
      return new SlaveExitedError(this.name, facts);
    }
    const ownReason = error?.message ?? (thrown === undefined ? null : `it threw ${summary(thrown)}`);
    const reason = this.exceeded === null ? ownReason : loadsTooLong(this.exceeded);
    const facts = { exitCode: code, signal, stderrTail, cause };
    // One that loaded too late has begun with its requests by the time it is ended.
    const hasBegun = this.hasLoaded && (this.exceeded === null || mayHaveExecuted);
    if (hasBegun) return new SlaveDiedError(this.name, { ...facts, mayHaveExecuted, reason });
    return new SpawnError(this.path, reason ?? endedEarly(code, signal, stderrTail), facts);
  }
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
