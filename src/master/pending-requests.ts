import { AbortError } from '../errors';
import { type AbortWatch, watchAbort } from './abort-watch';

/** A request, as far as its settling goes. */
export interface Settleable {
  readonly task: string;
  /** Called once: with an error, or with null and the value. */
  settle(error: Error | null, value: unknown): void;
}

/** What ends a request besides its answer. */
export interface Limits {
  /** In ms; `Infinity` is for ever. */
  timeout: number;
  timedOut: () => Error;
  signal: AbortSignal | undefined;
  /** Called after the request has ended without its answer, so that the slave may be told. */
  givenUp: (id: number, reason: 'timeout' | 'abort') => void;
}

/** The largest delay that a timer takes; a longer one would fire at once. */
const LONGEST_TIMER = 2 ** 31 - 1;

class Entry {
  timer: NodeJS.Timeout | undefined;
  watch: AbortWatch | undefined;

  constructor(readonly request: Settleable) {}
}

/** Stands in the place of a request that was settled without its answer, until the answer comes or the slave ends. */
const ABANDONED = 'abandoned';

/**
 * The requests that wait for their answer. Only here is a request settled: its entry, its timer and its abort listener go
 * together, so that it is settled once and nothing of it stays.
 *
 * An id is a place in an array, free for the next request once the answer has come. A Map would be shorter, but one through
 * which hundreds of thousands of keys pass in a second costs half of all time in garbage collection: each of the tables that
 * it outgrows keeps alive what it last held.
 */
export class PendingRequests {
  private readonly places: (Entry | typeof ABANDONED | undefined)[] = [];
  private readonly free: number[] = [];
  private count = 0;

  /** @param turned called when the first request comes and when the last one has gone */
  constructor(private readonly turned: (busy: boolean) => void) {}

  /** How many are pending. */
  get size(): number {
    return this.count;
  }

  /** How many wait for an answer: also those that were settled without it. */
  get unanswered(): number {
    return this.places.length - this.free.length;
  }

  /** @returns its id */
  add(request: Settleable): number {
    const id = this.free.pop() ?? this.places.length;
    this.places[id] = new Entry(request);
    if (++this.count === 1) this.turned(true);
    return id;
  }

  /** Lets a pending request end without its answer. */
  limit(id: number, { timeout, timedOut, signal, givenUp }: Limits): void {
    const entry = this.pending(id);
    if (entry === undefined) return;
    const giveUp = (error: Error, reason: 'timeout' | 'abort') => {
      this.settle(entry, error, undefined);
      this.places[id] = ABANDONED;
      givenUp(id, reason);
    };
    if (timeout !== Infinity) entry.timer = setTimeout(() => giveUp(timedOut(), 'timeout'), Math.min(timeout, LONGEST_TIMER));
    if (signal !== undefined) {
      entry.watch = watchAbort(signal, () => giveUp(new AbortError(entry.request.task, signal.reason), 'abort'));
    }
  }

  /** The answer to a request has come. @returns false when it comes too late */
  answer(id: number, error: Error | null, value: unknown): boolean {
    const entry = this.places[id];
    // A slave that is broken may answer what was never asked.
    if (entry === undefined) return false;
    this.places[id] = undefined;
    this.free.push(id);
    if (entry === ABANDONED) return false;
    this.settle(entry, error, value);
    return true;
  }

  /** What the request asks for, while it is pending. */
  taskOf(id: number): string | undefined {
    return this.pending(id)?.request.task;
  }

  /** No answer will come any more. @param error makes one for each: callers may add to theirs */
  settleAll(error: () => Error): void {
    for (const [id, entry] of this.places.entries()) {
      if (entry === undefined || entry === ABANDONED) continue;
      this.places[id] = ABANDONED;
      this.settle(entry, error(), undefined);
    }
  }

  private pending(id: number): Entry | undefined {
    const entry = this.places[id];
    return entry === ABANDONED ? undefined : entry;
  }

  private settle(entry: Entry, error: Error | null, value: unknown): void {
    if (--this.count === 0) this.turned(false);
    if (entry.timer !== undefined) clearTimeout(entry.timer);
    entry.watch?.end();
    entry.request.settle(error, value);
  }
}
