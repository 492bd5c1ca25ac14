import { AbortError, type DistIOError, QueueFullError, TimeoutError } from '../errors';
import type { Cancel, ToMaster, ToSlave } from '../protocol/messages';
import type { StreamTarget } from '../protocol/stream-writer';
import { travelling } from './metadata';
import type { PendingRequest } from './pending-request';
import { type GivenUp, PendingRequests } from './pending-requests';
import { refusalError } from './refusal-error';
import { WaitingLine } from './waiting-line';

/** What the requests need of their slave. */
export interface RequestsOwner {
  /** How messages call it. */
  readonly name: string;
  /** How many requests it gets at one time. */
  readonly concurrency: number;
  /** How many may be pending. */
  readonly maxPending: number;
  /** The names of its tasks. */
  offered(): readonly string[];
  /** Why it takes no new request, or undefined when it does. */
  refusal(): Error | undefined;
  /** @throws SerializationError, PayloadTooLargeError */
  tell(message: ToSlave, transfer?: readonly ArrayBuffer[]): void;
  /** It has become busy, or idle again. */
  turned(isBusy: boolean): void;
  sent(request: PendingRequest): void;
  progress(request: PendingRequest, value: unknown): void;
  /** A task that was cancelled with `'kill'` has not stopped within its grace. */
  ignored(request: PendingRequest): void;
}

/** What the slave says about a request. */
export type AboutRequest = Extract<ToMaster, { type: 'value' | 'error' | 'refused' | 'item' | 'end' | 'progress' | 'credit' | 'stop' }>;

/** The requests of one slave: lets them wait, sends them, and hears what it says about them. */
export class SlaveRequests {
  private readonly requests: PendingRequests<PendingRequest>;
  private readonly line = new WaitingLine<PendingRequest>();
  private late = 0;
  /** Called once nothing waits any more. */
  private allSent: (() => void) | undefined;

  constructor(private readonly owner: RequestsOwner) {
    this.requests = new PendingRequests({
      turned: (isBusy) => owner.turned(isBusy),
      givenUp: (request, id, reason, wasSent) => {
        if (wasSent) return this.cancel({ type: 'cancel', id, reason }, request.metadata?.signal);
        this.line.remove(request);
        this.advance();
      },
      ignored: (request) => owner.ignored(request),
    });
  }

  /** How many have not been settled yet. */
  get pending(): number {
    return this.requests.size;
  }

  /** Whether new ones are refused for want of room. */
  get isFull(): boolean {
    return this.pending >= this.owner.maxPending;
  }

  /** How many have been sent and not been answered. */
  get running(): number {
    return this.requests.running;
  }

  /** How many have not been sent yet. */
  get waiting(): number {
    return this.requests.waiting;
  }

  /** How many answers came too late. */
  get lateAnswers(): number {
    return this.late;
  }

  /** Sends a request, or lets it wait; for the first time or again. */
  submit(request: PendingRequest): void {
    if (!this.hold(request)) return;
    // Who has just been told of an answer may ask before those that waited for it have been sent.
    if (this.running < this.owner.concurrency && this.line.size === 0) this.send(request);
    else this.line.push(request);
  }

  /** Lets a request wait that is not to be sent yet. @returns whether it does, or was settled at once */
  hold(request: PendingRequest): boolean {
    const { task, metadata, timeout, whole } = request;
    const signal = metadata?.signal;
    const refusal =
      this.owner.refusal() ??
      (signal?.aborted ? new AbortError(task, signal.reason) : undefined) ??
      (this.isFull ? new QueueFullError(task, this.owner.maxPending) : undefined);
    if (refusal !== undefined) {
      request.settle(refusal, undefined);
      return false;
    }
    request.id = this.requests.add(request);
    if (timeout !== Infinity || signal !== undefined) {
      const timedOut = () => new TimeoutError(task, this.owner.name, whole);
      this.requests.limit(request.id, { timeout: request.timeLeft, timedOut, signal });
    }
    return true;
  }

  /** The inverse of {@link hold}, when it still waits. @param task which task it is for; what that throws settles it */
  release(request: PendingRequest, task: () => string): void {
    if (!this.isPending(request)) return;
    try {
      request.task = task();
    } catch (error) {
      return this.giveUp(request, error as Error, 'abort');
    }
    this.line.push(request);
    this.advance();
  }

  /** Settles a request at once, whatever the slave does with it. */
  giveUp(request: PendingRequest, error: Error | null, reason: GivenUp): void {
    if (this.isPending(request)) this.requests.giveUp(request.id, error, reason);
  }

  /** So many more items or words of progress may come. */
  grant(request: PendingRequest, of: 'items' | 'progress', count: number): void {
    if (this.isPending(request)) this.tell({ type: 'credit', id: request.id, of, count });
  }

  /** Calls back once every request has been sent or settled. */
  whenAllSent(call: () => void): void {
    this.allSent = call;
    this.advance();
  }

  /** No answer will come any more. */
  settleAll(error: (isSent: boolean) => Error): void {
    this.requests.settleAll(error);
  }

  hear(message: AboutRequest): void {
    const request = this.requests.get(message.id);
    switch (message.type) {
      case 'value':
        return this.answer(message.id, null, message.value);
      case 'error':
        return this.answer(message.id, message.error as Error, undefined);
      case 'refused':
        return this.answer(
          message.id,
          refusalError(message.refusal, request?.task ?? '', this.owner.name, this.owner.offered()),
          undefined,
        );
      case 'end':
        request?.end();
        return this.answer(message.id, null, undefined);
      case 'item':
        return request?.item(message.value);
      case 'progress':
        if (request === undefined) return;
        request.progress(message.value);
        return this.owner.progress(request, message.value);
      case 'credit':
        return request?.input?.grant(message.count);
      case 'stop':
        return request?.input?.close();
    }
  }

  private answer(id: number, error: Error | null, value: unknown): void {
    if (!this.requests.answer(id, error, value)) this.late++;
    this.advance();
  }

  /** Sends what waits, as far as the slave may have more. */
  private advance(): void {
    while (this.running < this.owner.concurrency) {
      const next = this.line.shift();
      if (next === undefined) break;
      if (this.isPending(next)) this.send(next);
    }
    if (this.allSent !== undefined && this.requests.waiting === 0) {
      const call = this.allSent;
      this.allSent = undefined;
      call();
    }
  }

  private send(request: PendingRequest): void {
    const { id, task, data, attempt, metadata, beginInput } = request;
    this.requests.sent(id);
    const window = metadata?.highWaterMark;
    try {
      const isInput = beginInput !== undefined;
      const message: ToSlave = {
        type: 'request',
        id,
        task,
        attempt,
        data: isInput ? undefined : data,
        metadata: travelling(metadata, request.trace),
      };
      if (window !== undefined) message.window = window;
      if (isInput) message.input = true;
      this.owner.tell(message, metadata?.transfer);
      beginInput?.(this.inputOf(request));
    } catch (error) {
      this.requests.answer(id, error as DistIOError, undefined);
      return;
    }
    this.owner.sent(request);
  }

  private inputOf(request: PendingRequest): StreamTarget {
    const { id } = request;
    return {
      item: (value) => {
        try {
          if (this.isPending(request)) this.tell({ type: 'item', id, value });
          return true;
        } catch (error) {
          this.giveUp(request, error as DistIOError, 'abort');
          return false;
        }
      },
      end: (failure) => {
        if (!this.isPending(request)) return;
        try {
          this.tell(failure === undefined ? { type: 'end', id } : { type: 'error', id, error: failure.error });
        } catch (error) {
          this.giveUp(request, error as DistIOError, 'abort');
        }
      },
    };
  }

  /** The task finds the reason of its caller's signal, if that can travel. */
  private cancel(message: Cancel, signal: AbortSignal | undefined): void {
    try {
      this.tell(message.reason === 'abort' && signal?.aborted ? { ...message, cause: signal.reason as unknown } : message);
    } catch {
      this.tell(message);
    }
  }

  private tell(message: ToSlave): void {
    this.owner.tell(message);
  }

  /** An id is used again once its request has been answered. */
  private isPending(request: PendingRequest): boolean {
    return this.requests.get(request.id) === request;
  }
}
