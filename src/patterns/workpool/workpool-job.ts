import { AbortError, TimeoutError } from '../../errors';
import { type AbortSubscription, onAbort } from '../../requests/on-abort';
import { EarlierAttempts } from '../../requests/earlier-attempts';
import { validateCall, type Metadata } from '../../requests/metadata';
import { checkSingleUse, singleUseReason } from '../../requests/single-use';
import type { Response } from '../../handles/slave-response';
import { unsentResponse } from '../../requests/response';
import type { SlaveHandle } from '../../handles/slave-handle';
import { closeIfUnsent, ignoreEarlyError } from '../../protocol/streamable';
import { TIMEOUT_MAX, toMilliseconds } from '../../units';
import type { PriorityQueue, Queued } from './priority-queue';
import { performance } from '../../performance';
import { clearTimeout, setTimeout } from '../../platform';

/** How work is to be done, as its metadata say it: read once, for as many pieces as there are. */
export class JobSpec {
  readonly priority: number;
  readonly retries: number;
  readonly rejectOnError: boolean | undefined;
  readonly signal: AbortSignal | undefined;
  /** In ms from when the pool gets the work; undefined when each slave's own shall count. */
  readonly timeout: number | undefined;
  private readonly metadata: Metadata;

  /** @throws TypeError */
  constructor(
    readonly task: string,
    metadata: Metadata | undefined,
  ) {
    validateCall(task, metadata);
    // The pool sees to these by itself.
    const { priority = 0, retries = 0, timeout, rejectOnError: rejectOnError, ...others } = metadata ?? {};
    this.priority = priority;
    this.retries = retries;
    this.rejectOnError = rejectOnError;
    this.signal = others.signal;
    this.timeout = timeout === undefined ? undefined : toMilliseconds(timeout, 'metadata.timeout');
    this.metadata = { ...others, rejectOnError: false };
  }

  /** @throws TypeError for data that cannot be sent as often as these terms say */
  check(data: unknown, times = 1): void {
    checkSingleUse(data, { ...this.metadata, retries: this.retries }, times);
  }

  /** Whether the data can be sent again, once a slave has been given it. */
  isReusable(data: unknown): boolean {
    return singleUseReason(data, this.metadata) === undefined;
  }

  /** The metadata with which a slave gets the work. @param deadline see {@link Job} */
  metadataUntil(deadline: number): Metadata {
    if (this.timeout === undefined) return this.metadata;
    return { ...this.metadata, timeout: this.timeout === Infinity ? 0 : Math.max(1, Math.ceil(deadline - performance.now())) };
  }
}

/** One piece of work, from when the pool gets it until it is settled. */
export class Job implements Queued<Job> {
  bucket: Queued<Job>['bucket'];
  previous: Job | undefined;
  next: Job | undefined;
  /** Where it waits, while it does. */
  queue: PriorityQueue<Job> | undefined;

  /** How often it has been sent. */
  attempts = 0;
  /** What came of an earlier try, when it waits for another one. */
  lastFailure: Response | undefined;
  readonly earlier = new EarlierAttempts();

  /** By the clock of `performance.now()`. */
  private readonly deadline: number;
  private timer: NodeJS.Timeout | undefined;
  private abortSubscription: AbortSubscription | undefined;

  constructor(
    readonly spec: JobSpec,
    readonly data: unknown,
    private readonly resolve: (response: Response) => void,
    private readonly rejectPromise: (error: Error) => void,
  ) {
    const { timeout = Infinity } = spec;
    ignoreEarlyError(data);
    this.deadline = timeout === Infinity ? Infinity : performance.now() + timeout;
  }

  get priority(): number {
    return this.spec.priority;
  }

  /** For errors that shall reject. */
  reject(error: Error): void {
    if (this.attempts === 0) closeIfUnsent(this.data);
    this.rejectPromise(this.earlier.report(error));
  }

  settle(response: Response): void {
    if (this.attempts === 0) closeIfUnsent(this.data);
    if (!response.ok) this.earlier.report(response.error);
    if (!response.ok && (this.spec.rejectOnError ?? response.slave.rejectOnError)) this.rejectPromise(response.error);
    else this.resolve(response);
  }

  /** Sends it. The promise never rejects. */
  send(slave: SlaveHandle): Promise<Response> {
    const { spec } = this;
    const attempt = ++this.attempts;
    try {
      return slave.request(spec.task, this.data, spec.metadataUntil(this.deadline), attempt, spec.timeout);
    } catch (error) {
      // Since it was handed over, its stream has been sent with another piece.
      return Promise.resolve(unsentResponse(slave, spec.task, error as Error, attempt));
    }
  }

  /** While it waits, its time may run out and its signal may be aborted. */
  armLimits(over: (error: AbortError | TimeoutError) => void): void {
    const { task, signal, timeout } = this.spec;
    if (timeout !== undefined && this.deadline !== Infinity) {
      const remaining = Math.max(0, this.deadline - performance.now());
      this.timer = setTimeout(() => over(new TimeoutError(task, null, timeout, 'queued')), Math.min(remaining, TIMEOUT_MAX));
    }
    if (signal !== undefined) this.abortSubscription = onAbort(signal, () => over(new AbortError(task, signal.reason)));
  }

  disarmLimits(): void {
    if (this.timer !== undefined) clearTimeout(this.timer);
    this.abortSubscription?.cancel();
    this.timer = this.abortSubscription = undefined;
  }
}
