import { AbortError, type DistIOError, QueueFullError, TimeoutError } from '../errors';
import type { Cancel, TaskDefaults, TaskInfo, ToSlave } from '../protocol/messages';
import type { PendingRequest } from './pending-request';
import { type CancelReason, PendingRequests } from './pending-requests';
import { refusalError } from './refusal-error';
import { FifoQueue } from './fifo-queue';
import { HandedAhead } from './handed-ahead';
import { inputTarget } from './input-target';
import { type RequestMessage, requestMessage } from './request-message';
import type { RequestQueueHost } from './request-queue-host';
import { Waiters } from './waiters';

/** The requests of one slave: queues them, sends them, and handles the messages about them. */
export class SlaveRequests {
  private readonly requests: PendingRequests<PendingRequest>;
  private readonly queue = new FifoQueue<PendingRequest>();
  /** They wait until the slave has loaded: its tasks are not known, or what they send could not be sent to another one. */
  private readonly untilLoaded: PendingRequest[] = [];
  private readonly handed: HandedAhead;
  private readonly waiters = new Waiters();
  private lateCount = 0;
  private completedCount = 0;
  /** Called once the queue is empty. */
  private allSent: (() => void) | undefined;

  constructor(private readonly host: RequestQueueHost) {
    this.requests = new PendingRequests({
      onGivingUp: (request) => this.handed.giveUp(request),
      onBusyChange: () => host.onBusyChange(),
      onCancelled: (request, id, reason, wasSent) => {
        if (wasSent) this.sendCancel({ type: 'cancel', id, reason }, request.metadata?.signal);
        else this.queue.remove(request);
        this.sendQueued();
      },
      onGraceExpired: (request) => host.onGraceExpired(request),
    });
    this.handed = new HandedAhead(host, this.requests);
  }

  /** How many have not been settled yet. */
  get pending(): number {
    return this.requests.size;
  }

  /** Whether new ones are refused for want of room. */
  get isFull(): boolean {
    return this.exceeded !== undefined;
  }

  /** The limit that is reached. */
  private get exceeded(): ConstructorParameters<typeof QueueFullError>[1] | undefined {
    const { maxPending, maxPendingBytes } = this.host;
    if (this.pending >= maxPending) return { maxPending };
    return this.requests.bytes >= maxPendingBytes ? { maxPendingBytes } : undefined;
  }

  /** Resolves once there is room for another one, or they have ended. */
  roomMade(): Promise<void> {
    return this.waiters.wait(() => !this.isFull || this.host.whyClosed() !== undefined);
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
    return this.lateCount;
  }

  /** How many tasks the slave has completed. */
  get completed(): number {
    return this.completedCount;
  }

  /** Sends a request, or lets it wait; for the first time or again. */
  submit(request: PendingRequest): void {
    if (!this.register(request)) return;
    if (this.host.isLoading() && (request.taskOf !== undefined || (this.host.isRestarted && request.isSingleUse))) {
      this.untilLoaded.push(request);
      return;
    }
    if (request.handedAhead !== undefined) return this.sendRequest(request);
    // A listener of a response may submit before the queue has advanced; it must not overtake.
    if (this.running < this.host.concurrency() && this.queue.size === 0) this.sendRequest(request);
    else this.queue.push(request);
  }

  /** @returns whether it is pending now, or was settled at once */
  private register(request: PendingRequest): boolean {
    const { task, metadata, timeout } = request;
    const signal = metadata?.signal;
    const refusal =
      this.host.whyClosed() ??
      (signal?.aborted ? new AbortError(task, signal.reason) : undefined) ??
      (this.exceeded === undefined ? undefined : new QueueFullError(task, this.exceeded));
    if (refusal !== undefined) {
      request.settle(refusal, undefined);
      request.released?.();
      return false;
    }
    request.id = this.requests.add(request);
    if (timeout !== Infinity || signal !== undefined) this.limit(request);
    return true;
  }

  /** The slave has announced tasks: their defaults hold for what is pending, too. Their time counts from when it was requested. */
  applyDefaults(tasks: readonly TaskInfo[]): void {
    const defaults = new Map(tasks.flatMap(({ name, defaults }) => (defaults === undefined ? [] : [[name, defaults]])));
    if (defaults.size === 0) return;
    for (const request of this.requests) if (defaults.has(request.task)) this.adopt(request, defaults.get(request.task));
  }

  /** The slave has loaded. */
  loaded(): void {
    for (const request of this.untilLoaded.splice(0)) this.enqueueLoaded(request);
    this.sendQueued();
  }

  /** The slave has started: see {@link RequestQueueHost.concurrency}. */
  started(): void {
    this.sendQueued();
  }

  /** Settles a request at once, whatever the slave does with it. */
  cancel(request: PendingRequest, error: Error | null, reason: CancelReason): void {
    if (this.isPending(request)) this.requests.cancel(request.id, () => error, reason);
  }

  /** Grants credit for `count` more items or progress reports. */
  grant(request: PendingRequest, of: 'items' | 'progress', count: number): void {
    if (this.isPending(request)) this.sendMessage({ type: 'credit', id: request.id, of, count });
  }

  /** How many requests may be handed ahead. @param limit how many of them run at the same time */
  roomAhead(limit: number): number {
    return this.host.concurrency() === Infinity ? this.handed.room(limit, this.requests.bytes) : 0;
  }

  /** Takes back what was handed ahead and has not begun, from the first request of a lower priority on. */
  takeBack(priority = Infinity): void {
    this.handed.takeBack(priority);
  }

  /** Calls back once every request has been sent or settled. */
  whenAllSent(callback: () => void): void {
    this.allSent = callback;
    this.sendQueued();
  }

  /** No answer is waited for any more. */
  settleAll(error: (isSent: boolean) => Error): void {
    this.handed.unsend();
    this.requests.settleAll(error);
    this.waiters.check();
  }

  /** Settles those that have not been sent. */
  settleWaiting(error: () => Error): void {
    this.handed.unsend();
    this.requests.settleAll(error, (isSent) => !isSent);
    this.waiters.check();
  }

  /** The slave has ended. */
  end(error: (isSent: boolean) => Error): void {
    this.handed.end();
    this.requests.end(error);
    this.waiters.check();
  }

  handle(message: RequestMessage): void {
    if (message.type === 'pace') return this.handed.setPace(message.mean);
    const request = this.requests.get(message.id);
    switch (message.type) {
      case 'value':
        return this.complete(message.id, null, message.value);
      case 'error':
        return this.complete(message.id, message.error as Error, undefined);
      case 'refused':
        return this.answer(
          message.id,
          refusalError(message.refusal, request?.task ?? '', this.host.name(), this.host.taskNames()),
          undefined,
        );
      case 'end':
        request?.end();
        return this.complete(message.id, null, undefined);
      case 'item':
        return request?.item(message.value);
      case 'progress':
        if (request === undefined) return;
        request.progress(message.value);
        return this.host.onProgress(request, message.value);
      case 'credit':
        return request?.input?.grant(message.count);
      case 'cancel-input':
        return request?.input?.close();
    }
  }

  private enqueueLoaded(request: PendingRequest): void {
    if (!this.isPending(request)) return;
    try {
      request.resolveTask();
    } catch (error) {
      return this.cancel(request, error as Error, 'abort');
    }
    this.adopt(request, this.host.defaultsOf(request.task));
    this.queue.push(request);
  }

  private adopt(request: PendingRequest, defaults: TaskDefaults | undefined): void {
    request.adopt(defaults);
    this.limit(request);
  }

  private limit(request: PendingRequest): void {
    const phase = (wasSent: boolean) => (this.host.isLoading() ? 'loading' : wasSent ? 'running' : 'queued');
    const timedOut = (wasSent: boolean) => new TimeoutError(request.task, this.host.name(), request.reportedTimeout, phase(wasSent));
    this.requests.limit(request.id, { timeout: request.remainingTime, timedOut, signal: request.metadata?.signal });
  }

  private complete(id: number, error: Error | null, value: unknown): void {
    this.completedCount++;
    this.answer(id, error, value);
    this.host.onCompleted();
  }

  private answer(id: number, error: Error | null, value: unknown): void {
    const request = this.requests.get(id);
    if (request !== undefined) this.handed.answered(request);
    if (!this.requests.answer(id, error, value)) this.lateCount++;
    this.sendQueued();
  }

  /** Sends queued requests, up to the concurrency of the slave. */
  private sendQueued(): void {
    while (this.running < this.host.concurrency()) {
      const next = this.queue.shift();
      if (next === undefined) break;
      if (this.isPending(next)) this.sendRequest(next);
    }
    if (this.allSent !== undefined && this.requests.waiting === 0) {
      const call = this.allSent;
      this.allSent = undefined;
      call();
    }
    this.waiters.check();
  }

  private sendRequest(request: PendingRequest): void {
    const { id, startInput, handedAhead } = request;
    this.requests.sent(id);
    request.wasSent = true;
    try {
      const message = requestMessage(request);
      this.requests.addBytes(id, this.host.send(message, request.sendOptions));
      if (handedAhead !== undefined) this.handed.add(request);
      startInput?.(
        inputTarget(id, {
          isPending: () => this.isPending(request),
          send: (message) => this.sendMessage(message),
          fail: (error) => this.cancel(request, error, 'abort'),
        }),
      );
    } catch (error) {
      this.requests.answer(id, error as DistIOError, undefined);
      return;
    }
    this.host.onSent(request);
  }

  /** Sends the reason of the caller's signal along, if it is serializable. */
  private sendCancel(message: Cancel, signal: AbortSignal | undefined): void {
    try {
      this.sendMessage(message.reason === 'abort' && signal?.aborted ? { ...message, cause: signal.reason as unknown } : message);
    } catch {
      this.sendMessage(message);
    }
  }

  private sendMessage(message: ToSlave): void {
    this.host.send(message);
  }

  /** Compares, since the id of an answered request is used again. */
  private isPending(request: PendingRequest): boolean {
    return this.requests.get(request.id) === request;
  }
}
