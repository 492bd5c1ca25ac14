import { AbortError, TimeoutError } from '../errors';
import { type AbortWatch, watchAbort } from '../master/abort-watch';
import { EarlierAttempts } from '../master/earlier-attempts';
import { checkInput, checkRequest, type Metadata, whyOnce } from '../master/metadata';
import { createResponse, type Response } from '../master/response';
import type { SlaveHandle } from '../master/slave-handle';
import { closeUnread, hushUnread } from '../protocol/streamable';
import { LONGEST_TIMER, toMilliseconds } from '../units';
import type { PriorityQueue, Queued } from './priority-queue';

/** How work is to be done, as its metadata say it: read once, for as many pieces as there are. */
export class Terms {
  readonly priority: number;
  readonly retries: number;
  readonly catchAll: boolean | undefined;
  readonly signal: AbortSignal | undefined;
  /** In ms from when the pool gets the work; undefined when each slave's own shall count. */
  readonly timeout: number | undefined;
  private readonly sent: Metadata;

  /** @throws TypeError */
  constructor(
    readonly task: string,
    metadata: Metadata | undefined,
  ) {
    checkRequest(task, metadata);
    // The pool sees to these by itself.
    const { priority = 0, retries = 0, timeout, catchAll, ...others } = metadata ?? {};
    this.priority = priority;
    this.retries = retries;
    this.catchAll = catchAll;
    this.signal = others.signal;
    this.timeout = timeout === undefined ? undefined : toMilliseconds(timeout, 'metadata.timeout');
    this.sent = { ...others, catchAll: false };
  }

  /** @throws TypeError for data that cannot be sent as often as these terms say */
  check(data: unknown, times = 1): void {
    checkInput(data, { ...this.sent, retries: this.retries }, times);
  }

  /** Whether the data can be sent again, once a slave has been given it. */
  maySendAgain(data: unknown): boolean {
    return whyOnce(data, this.sent) === undefined;
  }

  /** The metadata with which a slave gets the work. @param deadline see {@link Job} */
  metadata(deadline: number): Metadata {
    if (this.timeout === undefined) return this.sent;
    return { ...this.sent, timeout: this.timeout === Infinity ? 0 : Math.max(1, Math.ceil(deadline - performance.now())) };
  }
}

/** One piece of work, from when the pool gets it until it is settled. */
export class Job implements Queued<Job> {
  line: Queued<Job>['line'];
  before: Job | undefined;
  after: Job | undefined;
  /** Where it waits, while it does. */
  queue: PriorityQueue<Job> | undefined;

  /** How often it has been sent. */
  tries = 0;
  /** What came of an earlier try, when it waits for another one. */
  failure: Response | undefined;
  readonly earlier = new EarlierAttempts();

  /** By the clock of `performance.now()`. */
  private readonly deadline: number;
  private timer: NodeJS.Timeout | undefined;
  private abortWatch: AbortWatch | undefined;

  constructor(
    readonly terms: Terms,
    readonly data: unknown,
    private readonly resolve: (response: Response) => void,
    private readonly fail: (error: Error) => void,
  ) {
    const { timeout = Infinity } = terms;
    hushUnread(data);
    this.deadline = timeout === Infinity ? Infinity : performance.now() + timeout;
  }

  get priority(): number {
    return this.terms.priority;
  }

  /** For errors that shall reject. */
  reject(error: Error): void {
    if (this.tries === 0) closeUnread(this.data);
    this.fail(this.earlier.report(error));
  }

  settle(response: Response): void {
    if (this.tries === 0) closeUnread(this.data);
    if (!response.ok) this.earlier.report(response.error);
    if (!response.ok && (this.terms.catchAll ?? response.slave.catchAll)) this.fail(response.error);
    else this.resolve(response);
  }

  /** Sends it. The promise never rejects. */
  send(slave: SlaveHandle): Promise<Response> {
    const { terms } = this;
    const attempt = ++this.tries;
    try {
      return slave.request(terms.task, this.data, terms.metadata(this.deadline), attempt, terms.timeout);
    } catch (error) {
      // Since it was handed over, its stream has been sent with another piece.
      const now = performance.timeOrigin + performance.now();
      return Promise.resolve(createResponse(slave, terms.task, now, now, error as Error, undefined, attempt));
    }
  }

  /** While it waits, its time may run out and its signal may be aborted. */
  watch(over: (error: AbortError | TimeoutError) => void): void {
    const { task, signal, timeout } = this.terms;
    if (timeout !== undefined && this.deadline !== Infinity) {
      const left = Math.max(0, this.deadline - performance.now());
      this.timer = setTimeout(() => over(new TimeoutError(task, null, timeout)), Math.min(left, LONGEST_TIMER));
    }
    if (signal !== undefined) this.abortWatch = watchAbort(signal, () => over(new AbortError(task, signal.reason)));
  }

  unwatch(): void {
    if (this.timer !== undefined) clearTimeout(this.timer);
    this.abortWatch?.end();
    this.timer = this.abortWatch = undefined;
  }
}
