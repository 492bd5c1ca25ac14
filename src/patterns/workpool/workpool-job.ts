import { AbortError, TimeoutError } from '../../errors';
import { type AbortSubscription, onAbort } from '../../requests/on-abort';
import { EarlierAttempts } from '../../requests/earlier-attempts';
import { validateCall, type Metadata } from '../../requests/metadata';
import { checkSingleUse, singleUseReason } from '../../requests/single-use';
import { type MethodCall, requestCall } from '../../handles/slave-client';
import type { FailedResponse, Response } from '../../handles/slave-response';
import type { PendingRequest } from '../../requests/pending-request';
import type { HandedAheadCall, ItemSink, ResultSink, StreamingRequest } from '../../requests/request-call';
import { unsentResponse, withError } from '../../requests/response';
import { hasNotRun, type Retries } from '../../requests/retries';
import type { SlaveHandle } from '../../handles/slave-handle';
import { closeIfUnsent, ignoreEarlyError } from '../../protocol/streamable';
import { startTimer } from '../../requests/start-timer';
import { toMilliseconds } from '../../units';
import type { PriorityQueue, Queued } from './priority-queue';
import { performance } from '../../performance';
import { clearTimeout } from '../../platform';

/** The validated metadata of a call, shared by all jobs of the call. */
export class JobSpec {
  readonly priority: number;
  /** Undefined when any member may get the job. */
  readonly key: string | undefined;
  /** Undefined when the task's defaults decide. */
  readonly retries: Retries | undefined;
  readonly rejectOnError: boolean | undefined;
  readonly signal: AbortSignal | undefined;
  /** In ms from submission to the pool; undefined when the timeout of the slave applies to each attempt. */
  readonly timeout: number | undefined;
  private readonly metadata: Metadata;
  private readonly checked: Metadata;

  /** @throws TypeError */
  constructor(
    readonly task: string,
    metadata: Metadata | undefined,
    /** Set when `task` names a method of a class. */
    private readonly taskOfMethod?: MethodCall['task'],
  ) {
    validateCall(task, metadata);
    // The pool applies these itself.
    const { priority = 0, key, retries, timeout, rejectOnError: rejectOnError, ...others } = metadata ?? {};
    this.priority = priority;
    this.key = key === undefined ? undefined : String(key);
    this.retries = retries;
    this.rejectOnError = rejectOnError;
    this.signal = others.signal;
    this.timeout = timeout === undefined ? undefined : toMilliseconds(timeout, 'metadata.timeout');
    this.metadata = { ...others, rejectOnError: false };
    this.checked = { ...others, retries };
  }

  /** @throws TypeError for single-use data that would be sent more than once */
  check(data: unknown, times = 1): void {
    checkSingleUse(data, this.checked, times);
  }

  /** Whether the data can be sent again after a slave has got it. */
  isReusable(data: unknown): boolean {
    return singleUseReason(data, this.metadata) === undefined;
  }

  /** The metadata of an attempt: its timeout is what is left until the job's deadline. */
  private metadataUntil(deadline: number): Metadata {
    if (this.timeout === undefined) return this.metadata;
    return { ...this.metadata, timeout: this.timeout === Infinity ? 0 : Math.max(1, Math.ceil(deadline - performance.now())) };
  }

  /** Makes the request of the job's next attempt. @param handedAhead given when it is handed ahead */
  request({ data, deadline, attempts }: Job, slave: SlaveHandle, sink: ResultSink, handedAhead?: HandedAheadCall): PendingRequest {
    const { task, taskOfMethod, timeout } = this;
    const metadata = this.metadataUntil(deadline);
    const part = { attempt: attempts, reportedTimeout: timeout, isJob: true, handedAhead };
    if (taskOfMethod === undefined) return slave.startRequest({ task, data, metadata, ...sink, ...part });
    return requestCall(slave, { method: task, task: taskOfMethod, data, metadata, sink }, part);
  }
}

let created = 0;

/** What happens to a job that was sent, besides its outcome. */
interface SendEvents {
  /** Its stream has come to its end, or its reader has left. */
  ended?: () => void;
  /** The slave no longer works on it. Comes last. */
  released?: () => void;
  /** Given when it is handed ahead. */
  handedAhead?: HandedAheadCall | undefined;
}

/** Ends a waiting job: with an error, or with null when its reader has left. */
type Withdraw = (error: AbortError | TimeoutError | null) => void;

/** A job of a pool, from its submission to its settlement. */
export class Job implements Queued<Job>, StreamingRequest {
  list: Queued<Job>['list'];
  previous: Job | undefined;
  next: Job | undefined;
  /** The queue that it waits in when it has no key. */
  queue: PriorityQueue<Job> | undefined;

  /** The number of the job among all jobs, in the order of submission. */
  readonly sequence = created++;
  /** The number of attempts so far, in each of which a slave may have executed the job. */
  attempts = 0;
  /** The response to the last attempt; as long as there was none, the first reason why it was not executed. */
  lastFailure: Response | undefined;
  private readonly earlier = new EarlierAttempts();
  /** The slave of the last failed attempt: another one should get the next attempt. */
  failedOn: SlaveHandle | undefined;
  /** The slaves that have refused it since. */
  refusedBy: readonly SlaveHandle[] = [];

  /** In ms, by `performance.now()`. */
  readonly deadline: number;
  private request: PendingRequest | undefined;
  private reader: ItemSink | undefined;
  private withdraw: Withdraw | undefined;
  private timer: NodeJS.Timeout | undefined;
  private abortSubscription: AbortSubscription | undefined;

  constructor(
    readonly spec: JobSpec,
    readonly data: unknown,
    private readonly sink: ResultSink,
  ) {
    const { timeout = Infinity } = spec;
    ignoreEarlyError(data);
    this.deadline = timeout === Infinity ? Infinity : performance.now() + timeout;
    this.reader = sink.reader;
  }

  get priority(): number {
    return this.spec.priority;
  }

  /** Whether a reader has got items, so that the job cannot be executed again. */
  get hasDelivered(): boolean {
    return this.request?.hasDelivered ?? false;
  }

  /** Whether it can be handed ahead, and be taken back. */
  get mayBeAhead(): boolean {
    return this.reader === undefined && this.spec.isReusable(this.data);
  }

  /** Whether another slave can get its data. */
  get canBeSentAgain(): boolean {
    return this.spec.isReusable(this.data) || this.request?.wasSent !== true;
  }

  /** Settles with an error that rejects whatever `rejectOnError` is. */
  reject(error: Error): void {
    if (this.attempts === 0) closeIfUnsent(this.data);
    const reported = this.earlier.report(this.spec.task, error);
    this.reader?.fail(reported, error instanceof AbortError || error instanceof TimeoutError);
    this.sink.reject?.(reported);
  }

  settle(response: Response): void {
    if (!response.ok && (this.spec.rejectOnError ?? response.slave.rejectOnError)) return this.reject(response.error);
    if (this.attempts === 0) closeIfUnsent(this.data);
    this.sink.resolve(response.ok ? response : withError(response, this.earlier.report(this.spec.task, response.error)));
  }

  /**
   * Sends it to a slave.
   *
   * @param answered called with the outcome, unless that is a stream which is read item by item
   * @param events what to call besides, if anything
   */
  send(slave: SlaveHandle, answered: (response: Response) => void, { ended, released, handedAhead }: SendEvents = {}): void {
    const { spec, data, reader } = this;
    const attempt = ++this.attempts;
    const sink: ResultSink = {
      resolve: answered,
      reader: reader && withoutFailure(reader, ended),
      ...(released && { released }),
    };
    try {
      spec.check(data);
      this.request = spec.request(this, slave, sink, handedAhead);
    } catch (error) {
      // Another job has sent the same stream meanwhile, or the method's task is ambiguous.
      answered(unsentResponse(slave, spec.task, error as Error, attempt));
      released?.();
    }
  }

  /** It was handed ahead and taken back: that was no attempt. */
  takenBack(): void {
    this.attempts--;
    this.request = undefined;
  }

  /**
   * Records a failed attempt that another one follows.
   *
   * @param step see `NextStep`
   */
  defer(response: FailedResponse, step: 'retry' | 'move'): void {
    this.earlier.add(response.error);
    if (step === 'retry') {
      this.lastFailure = response;
      this.failedOn = response.slave;
      this.refusedBy = [];
    } else {
      this.attempts--;
      this.lastFailure ??= response;
      // The next process of a slave that has ended may take it.
      if (!hasNotRun(response.error)) this.refusedBy = [...this.refusedBy, response.slave];
    }
  }

  /** Starts the timer, the abort listener and the reader's way out, for a job that waits. */
  armLimits(withdraw: Withdraw): void {
    const { task, signal, timeout } = this.spec;
    this.withdraw = withdraw;
    if (timeout !== undefined && this.deadline !== Infinity) {
      const remaining = Math.max(0, this.deadline - performance.now());
      this.timer = startTimer(remaining, () => withdraw(new TimeoutError(task, null, timeout, 'queued')));
    }
    if (signal !== undefined) this.abortSubscription = onAbort(signal, () => withdraw(new AbortError(task, signal.reason)));
  }

  disarmLimits(): void {
    if (this.timer !== undefined) clearTimeout(this.timer);
    this.abortSubscription?.cancel();
    this.timer = this.abortSubscription = this.withdraw = undefined;
  }

  grant(count: number): void {
    this.request?.grant(count);
  }

  cancel(): void {
    if (this.withdraw === undefined) this.request?.cancel();
    else this.withdraw(null);
  }

  collect(): void {
    this.reader = undefined;
    this.request?.collect();
  }
}

/** A reader that gets items but no failure: the pool decides whether an error is final. */
function withoutFailure(reader: ItemSink, ended?: () => void): ItemSink {
  const end = (): void => {
    ended?.();
    reader.end();
  };
  return { push: (item) => reader.push(item), takeBuffered: () => reader.takeBuffered(), end, fail: () => undefined };
}

/** The job that comes first: the one of higher priority; of equal priority, the one that was submitted first. */
export function earlier(one: Job | undefined, other: Job | undefined): Job | undefined {
  if (one === undefined || other === undefined) return one ?? other;
  const difference = other.priority - one.priority;
  return difference < 0 || (!(difference > 0) && one.sequence < other.sequence) ? one : other;
}
