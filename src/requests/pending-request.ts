import { AsyncResource } from 'node:async_hooks';
import { AbortError, SlaveExitedError, TimeoutError } from '../errors';
import { performance } from '../performance';
import type { SendOptions } from '../protocol/batch-writer';
import { PROGRESS_WINDOW, type TaskDefaults, DEFAULT_WINDOW } from '../protocol/messages';
import { closeStream, ignoreEarlyError, isStreamable, markSent } from '../protocol/streamable';
import { type StreamSink, StreamWriter } from '../protocol/stream-writer';
import { injectTrace } from '../protocol/trace-context';
import type { TracedCall } from '../protocol/traced-call';
import { toMilliseconds, toWait } from '../units';
import { EarlierAttempts } from './earlier-attempts';
import type { Metadata } from './metadata';
import { programEnd } from './program-end';
import type { Settleable } from './pending-requests';
import type { HandedAheadCall, ItemSink, RequestCall, StreamingRequest } from './request-call';
import type { RequestDiagnostics } from './request-diagnostics';
import { createResponse, type Response } from './response';
import { defaultRetries, hasNotRun, mayRetry } from './retries';
import { singleUseReason } from './single-use';
import type { SlaveRef } from './slave-ref';
import type { SlaveRequests } from './slave-requests';
import { throwLater } from './throw-later';

const { timeOrigin } = performance;

/** In ms since 1970, with fractions. */
const now = () => timeOrigin + performance.now();

/** In ms: how long a task that is cancelled with `'kill'` may take to stop, when the metadata do not say. */
const DEFAULT_GRACE = 1000;

/** One call of `exec` or `stream` until it is settled: by its first result, or by an error after which no attempt is left. */
export class PendingRequest implements Settleable, StreamingRequest {
  /** Its slot among the pending requests of the slave. */
  id = -1;
  /** A client's call has the name of the method until the slave has loaded. */
  task: string;
  /** Its place among those that were handed ahead, once it was sent. */
  position: number | undefined;
  /** Whether a slave has got it, in any attempt. */
  wasSent = false;
  /** The number of the current attempt. */
  attempt: number;
  /** In ms, for all attempts together. */
  timeout!: number;
  /** Starts to send data that are a stream. In the caller's async context, since the caller's generator runs. */
  readonly startInput: ((target: StreamSink) => void) | undefined;
  /** Sends the items of data that are a stream, once started. */
  input: StreamWriter | undefined;
  /** The caller's trace context, which is sent with the metadata. */
  readonly trace = injectTrace();

  private readonly sent = now();
  /** Announced by the slave for the task, once it has loaded. */
  private defaults: TaskDefaults | undefined;
  /** In ms: the timeout of the metadata, and that of the slave's options when the request was made. */
  private readonly ownTimeout: number | undefined;
  private readonly slaveTimeout: number;
  /** Those of the slave's process. */
  private requests: SlaveRequests;
  /** The failed attempts, once there is one. */
  private earlier: EarlierAttempts | undefined;
  private readonly onProgress: ((value: unknown) => void) | undefined;
  private reader: ItemSink | undefined;
  /** The collected items; undefined until the task turns out to stream. */
  private items: unknown[] | undefined;
  private hasStreamed = false;
  private isNamed = false;
  /** Resolves with the collected items, if the caller asks for them after the end. */
  private settleCollected: (() => void) | undefined;
  /** Items and progress received since the last credit. */
  private itemsSinceCredit = 0;
  private progressSinceCredit = 0;

  /** @param diagnostics undefined without subscribers */
  constructor(
    private readonly slave: SlaveRef,
    private readonly call: RequestCall,
    private readonly diagnostics?: TracedCall<RequestDiagnostics>,
  ) {
    const { task, data, metadata } = call;
    this.task = task;
    this.requests = slave.requests;
    this.attempt = call.attempt ?? 1;
    this.ownTimeout = metadata?.timeout === undefined ? undefined : toMilliseconds(metadata.timeout, 'metadata.timeout');
    this.slaveTimeout = slave.timeout;
    this.adopt(slave.defaultsOf(task));
    // In the caller's async context, not in that of the message.
    if (metadata?.onProgress !== undefined) this.onProgress = AsyncResource.bind((value: unknown) => metadata.onProgress?.(value));
    if (isStreamable(data)) {
      markSent(data);
      ignoreEarlyError(data);
      this.startInput = AsyncResource.bind((target: StreamSink) => void (this.input = new StreamWriter(data, this.window, target)));
    }
    this.reader = call.reader;
  }

  get data(): unknown {
    return this.call.data;
  }

  get metadata(): Metadata | undefined {
    return this.call.metadata;
  }

  /** Applies the defaults that the slave has announced for the task: the metadata override them, they override the slave's options. */
  adopt(defaults: TaskDefaults | undefined): void {
    this.defaults = defaults;
    this.timeout = this.ownTimeout ?? defaults?.timeout ?? this.slaveTimeout;
  }

  /** In ms: the timeout that errors name. */
  get reportedTimeout(): number {
    return this.call.reportedTimeout ?? this.timeout;
  }

  /** The number of items that may be in flight, in each direction. */
  get window(): number {
    return this.metadata?.highWaterMark ?? DEFAULT_WINDOW;
  }

  /** In ms: how long the task may go on after it was cancelled; undefined without limit. */
  get grace(): number | undefined {
    const { metadata, defaults } = this;
    if ((metadata?.cancel ?? defaults?.cancel) !== 'kill') return undefined;
    return metadata?.grace === undefined ? (defaults?.grace ?? DEFAULT_GRACE) : toWait(metadata.grace, 'metadata.grace');
  }

  get released(): (() => void) | undefined {
    return this.call.released;
  }

  /** Whether a reader has got items: they cannot be taken back. */
  get hasDelivered(): boolean {
    return this.hasStreamed && this.reader !== undefined;
  }

  /** In ms. */
  get remainingTime(): number {
    return this.timeout === Infinity ? Infinity : Math.max(1, this.sent + this.timeout - now());
  }

  /** See {@link RequestCall.taskOf}; undefined once the task is known. */
  get taskOf(): (() => string) | undefined {
    return this.isNamed ? undefined : this.call.taskOf;
  }

  /** How its message is sent; undefined for most. */
  get sendOptions(): SendOptions | undefined {
    const { shared, metadata } = this.call;
    return shared === undefined && metadata?.transfer === undefined ? undefined : { shared, transfer: metadata?.transfer };
  }

  get handedAhead(): HandedAheadCall | undefined {
    return this.call.handedAhead;
  }

  /** Whether its data can be sent only once. */
  get isSingleUse(): boolean {
    return singleUseReason(this.data, this.metadata) !== undefined;
  }

  /** Finds the task of a method. @throws AmbiguousMethodError */
  resolveTask(): void {
    if (this.taskOf !== undefined) this.task = this.taskOf();
    this.isNamed = true;
  }

  /** Sends it, or lets it wait for its turn. */
  submit(): void {
    this.requests = this.slave.requests;
    this.requests.submit(this);
  }

  /** Called for each item of a stream. */
  item(value: unknown): void {
    this.hasStreamed = true;
    if (this.reader !== undefined) return this.reader.push(value);
    (this.items ??= []).push(value);
    if (++this.itemsSinceCredit < this.window / 2) return;
    this.requests.grant(this, 'items', this.itemsSinceCredit);
    this.itemsSinceCredit = 0;
  }

  /** Called at the end of a stream, whichever side has ended it; `settle` follows. */
  end(): void {
    this.hasStreamed = true;
    this.items ??= [];
  }

  grant(count: number): void {
    this.requests.grant(this, 'items', count);
  }

  cancel(): void {
    this.end();
    this.requests.cancel(this, null, 'reader-left');
  }

  collect(): void {
    const { reader } = this;
    if (reader === undefined) return;
    this.reader = undefined;
    for (const item of reader.takeBuffered()) this.item(item);
    this.settleCollected?.();
  }

  /** Called for each value that the task reports. */
  progress(value: unknown): void {
    if (++this.progressSinceCredit >= PROGRESS_WINDOW / 2) {
      this.requests.grant(this, 'progress', this.progressSinceCredit);
      this.progressSinceCredit = 0;
    }
    try {
      this.onProgress?.(value);
    } catch (error) {
      throwLater(error);
    }
  }

  settle(outcome: Error | null, value: unknown): void {
    if (outcome instanceof SlaveExitedError && programEnd.isUnderWay) return this.closeInput();
    if (outcome !== null && this.isFollowedByAttempt(outcome)) return;
    this.closeInput();
    const error = outcome !== null && this.earlier !== undefined ? this.earlier.report(this.task, outcome) : outcome;
    const isCollected = error === null && this.hasStreamed && this.reader === undefined;
    const response = this.respond(now(), error, isCollected ? this.items : value);
    this.slave.onSettled(response);
    this.diagnostics?.settle(error === null ? { result: response.value } : { error });
    if (error !== null) this.fail(error, response);
    else if (this.reader === undefined) this.call.resolve(response);
    else this.endReader(this.reader, response);
  }

  /** Starts another attempt, where one is due. What surely did not run is not an attempt. */
  private isFollowedByAttempt(error: Error): boolean {
    const { slave, metadata, defaults } = this;
    if (this.call.isJob || this.hasDelivered || !slave.acceptsRequests) return false;
    const hasRun = !hasNotRun(error);
    if (hasRun && !mayRetry(metadata?.retries ?? defaultRetries(defaults), error, this.attempt)) return false;
    if (this.wasSent && this.isSingleUse) return false;
    (this.earlier ??= new EarlierAttempts()).add(error);
    if (hasRun) this.attempt++;
    this.items = undefined;
    this.hasStreamed = false;
    this.itemsSinceCredit = this.progressSinceCredit = 0;
    this.submit();
    return true;
  }

  /** Called when it was handed ahead and taken back. Its owner makes another request. */
  takenBack(): void {
    this.diagnostics?.settle({ error: new AbortError(this.task, new Error('It was given to another slave before it began.')) });
    this.handedAhead?.takenBack();
  }

  private fail(error: Error, response: Response): void {
    const { call } = this;
    this.reader?.fail(error, error instanceof AbortError || error instanceof TimeoutError);
    if (call.reject !== undefined) call.reject(error);
    else call.resolve(response);
  }

  /** A value that is no stream is the only item. */
  private endReader(reader: ItemSink, response: Response): void {
    const { value, received } = response;
    if (!this.hasStreamed && value !== undefined) reader.push(value);
    reader.end();
    if (this.hasStreamed) this.settleCollected = () => this.call.resolve(this.respond(received, null, this.items));
    else this.call.resolve(response);
  }

  private respond(received: number, error: Error | null, value: unknown): Response {
    const { slave, task, sent, attempt } = this;
    return createResponse({ slave, task, sent, received, error, value, attempt });
  }

  private closeInput(): void {
    if (this.input !== undefined) this.input.close();
    else if (isStreamable(this.data)) closeStream(this.data);
  }
}
