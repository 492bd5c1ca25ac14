import { AsyncResource } from 'node:async_hooks';
import { AbortError, SlaveExitedError, TimeoutError } from '../errors';
import { PROGRESS_WINDOW, type TaskDefaults, DEFAULT_WINDOW } from '../protocol/messages';
import { closeStream, ignoreEarlyError, isStreamable, markSent } from '../protocol/streamable';
import type { StreamReader } from '../protocol/stream-reader';
import { type StreamSink, StreamWriter } from '../protocol/stream-writer';
import { injectTrace } from '../protocol/trace-context';
import { toGrace, toMilliseconds } from '../units';
import { EarlierAttempts } from './earlier-attempts';
import type { Metadata } from './metadata';
import { programEnd } from './program-end';
import type { Settleable } from './pending-requests';
import { publishEnd, publishStart, type RequestDiagnostics } from './request-diagnostics';
import { createResponse, type Response } from './response';
import { mayRetry } from './retries';
import type { SlaveRef } from './slave-ref';
import type { SlaveRequests } from './slave-requests';
import { performance } from '../performance';
import { nextTick } from '../platform';

const { timeOrigin } = performance;

/** In ms since 1970, with fractions. */
const now = () => timeOrigin + performance.now();

/** In ms: how long a task that is cancelled with `'kill'` may take to stop, when the metadata do not say. */
const DEFAULT_GRACE = 1000;

/** A request whose result may stream, as its caller sees it. */
export interface StreamingRequest {
  /** So many more items may be sent. */
  grant(count: number): void;
  /** No more items will be read. */
  cancel(): void;
  /** Nobody reads the items one by one: they become the value. */
  collect(): void;
}

/** Takes the items of a stream one by one: what a request needs of a {@link StreamReader}. */
export type ItemSink = Pick<StreamReader, 'push' | 'takeBuffered' | 'fail' | 'end'>;

/** Where the outcome of a request goes. */
export interface ResultSink {
  resolve(response: Response): void;
  /** Takes the errors when they are to reject. */
  reject?: ((error: Error) => void) | undefined;
  /** Takes the items of a stream one by one. Without it, they are collected and become the value. */
  reader?: ItemSink | undefined;
  /** Called after the outcome is known, when the slave no longer works on the request: see {@link Settleable.released}. */
  released?: () => void;
}

/** One call of `exec` or `stream`, until it is settled: with the first answer, unless that is an error and there are tries left. */
export class PendingRequest implements Settleable, StreamingRequest {
  /** Its place among the pending ones of its slave, while it is one. */
  id = -1;
  /** Sends the items of the data, when that is a stream, … */
  input: StreamWriter | undefined;
  /** … which this begins: when its turn has come, but in the context of whoever has asked, since it is their generator that runs. */
  readonly startInput: ((target: StreamSink) => void) | undefined;
  /** In ms, for all tries together. */
  timeout!: number;

  /** The context of the caller's trace, which travels below the metadata. */
  readonly trace = injectTrace();

  private readonly diagnostics: RequestDiagnostics | undefined;
  private readonly sent = now();
  /** What the task's slave has announced, once it has. */
  private defaults: TaskDefaults | undefined;
  /** In ms: what the metadata say, and what the slave's options said when the request was made. */
  private readonly ownTimeout: number | undefined;
  private readonly slaveTimeout: number;
  private readonly earlier = new EarlierAttempts();
  private readonly onProgress: ((value: unknown) => void) | undefined;
  private reader: ItemSink | undefined;
  /** What has been collected; undefined as long as the task has not shown to be one that streams. */
  private items: unknown[] | undefined;
  private hasStreamed = false;
  /** Settles with what was collected, when that is asked for after the end. */
  private settleCollected: (() => void) | undefined;
  /** Since credit was last given for it. */
  private itemsSinceCredit = 0;
  private progressSinceCredit = 0;

  constructor(
    private readonly slave: SlaveRef,
    private readonly requests: SlaveRequests,
    /** A client's call gets its true one once the slave has loaded. */
    public task: string,
    readonly data: unknown,
    readonly metadata: Metadata | undefined,
    private readonly sink: ResultSink,
    /** Which try this is. */
    public attempt: number,
    /** The timeout that the caller has given, in ms, when that of the metadata is what is left of it: errors name this one. */
    private readonly givenTimeout?: number,
  ) {
    this.ownTimeout = metadata?.timeout === undefined ? undefined : toMilliseconds(metadata.timeout, 'metadata.timeout');
    this.slaveTimeout = slave.timeout;
    this.adopt(slave.defaultsOf(task));
    // It is called when a message comes, but belongs to whoever has asked.
    if (metadata?.onProgress !== undefined) this.onProgress = AsyncResource.bind((value: unknown) => metadata.onProgress?.(value));
    if (isStreamable(data)) {
      markSent(data);
      ignoreEarlyError(data);
      this.startInput = AsyncResource.bind((target: StreamSink) => void (this.input = new StreamWriter(data, this.window, target)));
    }
    this.reader = sink.reader;
    this.diagnostics = publishStart(slave, task, data, metadata);
  }

  /** Applies the defaults that the slave has announced for the task: the metadata override them, they override the slave's options. */
  adopt(defaults: TaskDefaults | undefined): void {
    this.defaults = defaults;
    this.timeout = this.ownTimeout ?? defaults?.timeout ?? this.slaveTimeout;
  }

  /** In ms: what errors name. */
  get reportedTimeout(): number {
    return this.givenTimeout ?? this.timeout;
  }

  /** How many items may be under way, in each direction. */
  get window(): number {
    return this.metadata?.highWaterMark ?? DEFAULT_WINDOW;
  }

  get grace(): number | undefined {
    const { metadata, defaults } = this;
    if ((metadata?.cancel ?? defaults?.cancel) !== 'kill') return undefined;
    return metadata?.grace === undefined ? (defaults?.grace ?? DEFAULT_GRACE) : toGrace(metadata.grace, 'metadata.grace');
  }

  get released(): (() => void) | undefined {
    return this.sink.released;
  }

  /** Whether items have been handed to a reader, which cannot be taken back. */
  get hasDelivered(): boolean {
    return this.hasStreamed && this.reader !== undefined;
  }

  /** How much of its time is left, in ms. */
  get remainingTime(): number {
    return this.timeout === Infinity ? Infinity : Math.max(1, this.sent + this.timeout - now());
  }

  /** An item of a stream has come. */
  item(value: unknown): void {
    this.hasStreamed = true;
    if (this.reader !== undefined) return this.reader.push(value);
    (this.items ??= []).push(value);
    if (++this.itemsSinceCredit < this.window / 2) return;
    this.requests.grant(this, 'items', this.itemsSinceCredit);
    this.itemsSinceCredit = 0;
  }

  /** The stream has ended, whoever has ended it: the settling follows. */
  end(): void {
    this.hasStreamed = true;
    this.items ??= [];
  }

  /** So many items have been read, … */
  grant(count: number): void {
    this.requests.grant(this, 'items', count);
  }

  /** … or no more of them will be. */
  cancel(): void {
    this.end();
    this.requests.cancel(this, null, 'reader-left');
  }

  /** Nobody reads the items one by one: they become the value. */
  collect(): void {
    const { reader } = this;
    if (reader === undefined) return;
    this.reader = undefined;
    for (const item of reader.takeBuffered()) this.item(item);
    this.settleCollected?.();
  }

  /** The task tells how far it is. */
  progress(value: unknown): void {
    if (++this.progressSinceCredit >= PROGRESS_WINDOW / 2) {
      this.requests.grant(this, 'progress', this.progressSinceCredit);
      this.progressSinceCredit = 0;
    }
    try {
      this.onProgress?.(value);
    } catch (error) {
      // Like a listener's: the fault of whoever listens must not keep others from their answers.
      nextTick(() => {
        throw error;
      });
    }
  }

  settle(outcome: Error | null, value: unknown): void {
    this.closeInput();
    if (outcome instanceof SlaveExitedError && programEnd.isUnderWay) return;
    if (outcome !== null && this.canRetry(outcome)) {
      this.earlier.add(outcome);
      this.attempt++;
      this.items = undefined;
      this.hasStreamed = false;
      this.itemsSinceCredit = this.progressSinceCredit = 0;
      this.requests.submit(this);
      return;
    }
    const error = outcome === null ? null : this.earlier.report(outcome);
    const { sink: outlet, reader } = this;
    const received = now();
    const response = this.respond(received, error, error === null && this.hasStreamed && reader === undefined ? this.items : value);
    this.slave.onSettled(response);
    if (this.diagnostics !== undefined) publishEnd(this.diagnostics, error, response.value);
    if (error !== null) {
      reader?.fail(error, error instanceof AbortError || error instanceof TimeoutError);
      if (outlet.reject !== undefined) outlet.reject(error);
      else outlet.resolve(response);
      return;
    }
    if (reader !== undefined && !this.hasStreamed && value !== undefined) reader.push(value);
    reader?.end();
    if (reader !== undefined && this.hasStreamed) this.settleCollected = () => outlet.resolve(this.respond(received, null, this.items));
    else outlet.resolve(response);
  }

  private respond(received: number, error: Error | null, value: unknown): Response {
    const { slave, task, sent, attempt } = this;
    return createResponse({ slave, task, sent, received, error, value, attempt });
  }

  private closeInput(): void {
    if (this.input !== undefined) this.input.close();
    else if (isStreamable(this.data)) closeStream(this.data);
  }

  private canRetry(error: Error): boolean {
    return !this.hasDelivered && this.slave.acceptsRequests && mayRetry(this.metadata?.retries, error, this.attempt);
  }
}

