import { AbortError } from '../errors';
import { type AbortSubscription, onAbort } from './on-abort';
import { clearTimeout } from '../platform';
import { startTimer } from './start-timer';

/** The part of a request that settles it. */
export interface Settleable {
  readonly task: string;
  /** How long the slave may go on with it after it was given up, in ms; undefined means no limit. */
  readonly grace?: number | undefined;
  /** Called once: with an error, or with null and the value. */
  settle(error: Error | null, value: unknown): void;
  /** Called once, after `settle`, when the slave no longer works on it: it has answered or ended, or was never sent the request. */
  readonly released?: (() => void) | undefined;
}

/** Why a request was settled without its answer. */
export type CancelReason = 'timeout' | 'abort' | 'reader-left';

/** What ends a request besides its answer. */
export interface Limits {
  /** In ms; `Infinity` means no limit. */
  timeout: number;
  /** @param wasSent whether the slave may have begun with it */
  timedOut: (wasSent: boolean) => Error;
  signal: AbortSignal | undefined;
}

/** Who is told what becomes of the requests. */
export interface PendingEvents<Request> {
  /** The first request has come, or the last one has gone. */
  onBusyChange(isBusy: boolean): void;
  /** A request has ended without its answer: if it was sent, the slave may be told. */
  onCancelled(request: Request, id: number, reason: CancelReason, wasSent: boolean): void;
  /** A request that was sent is about to end without its answer: it may be taken back before. */
  onGivingUp(request: Request): void;
  /** A request that was given up is still not answered after its `grace`. */
  onGraceExpired(request: Request): void;
}

class Entry<Request> {
  isSent = false;
  timer: NodeJS.Timeout | undefined;
  abortSubscription: AbortSubscription | undefined;

  constructor(
    readonly request: Request,
    /** Its number in the order of the calls. */
    readonly sequence: number,
  ) {}
}

/** Stands in the place of a request that was settled without its answer, until the answer comes or the slave ends. */
class Abandoned {
  constructor(
    readonly graceTimer: NodeJS.Timeout | undefined,
    readonly released: (() => void) | undefined,
  ) {}
}

const ABANDONED = new Abandoned(undefined, undefined);

/**
 * The requests that wait for their answer. Only here is a request settled: its entry, its timers and its abort listener go
 * together, so that it is settled once and nothing of it stays.
 *
 * An id is a place in an array, free for the next request once the answer has come. A Map would be shorter, but one through
 * which hundreds of thousands of keys pass in a second costs half of all time in garbage collection: each of the tables that
 * it outgrows keeps alive what it last held.
 */
export class PendingRequests<Request extends Settleable> {
  private readonly slots: (Entry<Request> | Abandoned | undefined)[] = [];
  private readonly freeSlots: number[] = [];
  private count = 0;
  private added = 0;
  private unsent = 0;
  /** In bytes, by id: what was sent for each request that is not answered. */
  private readonly sizes: number[] = [];
  private sentBytes = 0;

  constructor(private readonly events: PendingEvents<Request>) {}

  /** How many are pending. */
  get size(): number {
    return this.count;
  }

  /** How many of them have not been sent yet. */
  get waiting(): number {
    return this.unsent;
  }

  /** What was sent and is not answered, in bytes: also for those that were settled without their answer. */
  get bytes(): number {
    return this.sentBytes;
  }

  /** How many have been sent and wait for an answer: also those that were settled without it. */
  get running(): number {
    return this.slots.length - this.freeSlots.length - this.unsent;
  }

  /** @returns its id */
  add(request: Request): number {
    const id = this.freeSlots.pop() ?? this.slots.length;
    this.slots[id] = new Entry(request, this.added++);
    this.unsent++;
    if (++this.count === 1) this.events.onBusyChange(true);
    return id;
  }

  /** The request is about to be sent: from now on, the slave may execute it. */
  sent(id: number): void {
    const entry = this.entry(id);
    if (entry === undefined || entry.isSent) return;
    entry.isSent = true;
    this.unsent--;
  }

  /** The request was taken back: the slave will not execute it. */
  unsend(id: number): void {
    const entry = this.entry(id);
    if (!entry?.isSent) return;
    entry.isSent = false;
    this.unsent++;
  }

  /** Forgets a request that was taken back: it is settled elsewhere. */
  withdraw(id: number): void {
    this.unsend(id);
    const entry = this.entry(id);
    if (entry === undefined) return;
    this.freeSlot(id);
    this.forget(entry);
  }

  /** @param bytes how many were sent for a request */
  addBytes(id: number, bytes: number): void {
    this.sizes[id] = (this.sizes[id] ?? 0) + bytes;
    this.sentBytes += bytes;
  }

  /** Lets a pending request end without its answer. What was set before no longer holds. */
  limit(id: number, { timeout, timedOut, signal }: Limits): void {
    const entry = this.entry(id);
    if (entry === undefined) return;
    clearTimeout(entry.timer);
    entry.abortSubscription?.cancel();
    entry.timer = startTimer(timeout, () => this.cancel(id, timedOut, 'timeout'));
    if (signal !== undefined) {
      entry.abortSubscription = onAbort(signal, () => this.cancel(id, () => new AbortError(entry.request.task, signal.reason), 'abort'));
    }
  }

  /** Settles a pending request at once, whatever the slave does with it. */
  cancel(id: number, error: (wasSent: boolean) => Error | null, reason: CancelReason): void {
    const entry = this.entry(id);
    if (entry === undefined) return;
    const { request } = entry;
    if (entry.isSent) this.events.onGivingUp(request);
    const { isSent } = entry;
    // Before it is settled: a listener may cancel again.
    if (isSent) this.slots[id] = this.abandoned(request);
    else this.freeSlot(id);
    this.settle(entry, error(isSent), undefined);
    this.events.onCancelled(request, id, reason, isSent);
    if (!isSent) request.released?.();
  }

  /** The answer to a request has come. @returns false when it comes too late */
  answer(id: number, error: Error | null, value: unknown): boolean {
    const entry = this.slots[id];
    // A broken slave may answer a request that was never sent.
    if (entry === undefined || (entry instanceof Entry && !entry.isSent)) return false;
    this.freeSlot(id);
    if (entry instanceof Abandoned) {
      clearTimeout(entry.graceTimer);
      entry.released?.();
      return false;
    }
    this.settle(entry, error, value);
    entry.request.released?.();
    return true;
  }

  /** The request of this id, while it is pending. */
  get(id: number): Request | undefined {
    return this.entry(id)?.request;
  }

  /** Those that are pending. */
  *[Symbol.iterator](): Generator<Request> {
    for (const entry of this.slots) if (entry instanceof Entry) yield entry.request;
  }

  /**
   * No answer is waited for any more. Settles them in the order of the calls: they may be requested again.
   *
   * @param error makes one for each: callers may add to theirs, and not all have been sent
   * @param which default: all of them
   */
  settleAll(error: (isSent: boolean) => Error, which: (isSent: boolean) => boolean = () => true): void {
    const pending = [...this.slots.entries()].filter((slot): slot is [number, Entry<Request>] => slot[1] instanceof Entry);
    for (const [id, entry] of pending.sort(([, one], [, other]) => one.sequence - other.sequence)) {
      const { isSent, request } = entry;
      if (this.slots[id] !== entry || !which(isSent)) continue;
      if (isSent) this.slots[id] = new Abandoned(undefined, request.released);
      else this.freeSlot(id);
      this.settle(entry, error(isSent), undefined);
      if (!isSent) request.released?.();
    }
  }

  /** The slave has ended: no answer can come any more. @param error as for {@link settleAll} */
  end(error: (isSent: boolean) => Error): void {
    this.settleAll(error);
    for (const [id, entry] of this.slots.entries()) {
      if (!(entry instanceof Abandoned)) continue;
      clearTimeout(entry.graceTimer);
      this.slots[id] = ABANDONED;
      entry.released?.();
    }
  }

  private entry(id: number): Entry<Request> | undefined {
    const entry = this.slots[id];
    return entry instanceof Abandoned ? undefined : entry;
  }

  private abandoned(request: Request): Abandoned {
    const { grace, released } = request;
    if (grace === undefined && released === undefined) return ABANDONED;
    const ignored = (): void => this.events.onGraceExpired(request);
    return new Abandoned(grace === undefined ? undefined : startTimer(grace, ignored), released);
  }

  private freeSlot(id: number): void {
    this.slots[id] = undefined;
    this.freeSlots.push(id);
    this.sentBytes -= this.sizes[id] ?? 0;
    this.sizes[id] = 0;
  }

  private settle(entry: Entry<Request>, error: Error | null, value: unknown): void {
    this.forget(entry);
    entry.request.settle(error, value);
  }

  private forget(entry: Entry<Request>): void {
    if (!entry.isSent) this.unsent--;
    if (--this.count === 0) this.events.onBusyChange(false);
    if (entry.timer !== undefined) clearTimeout(entry.timer);
    entry.abortSubscription?.cancel();
  }
}
