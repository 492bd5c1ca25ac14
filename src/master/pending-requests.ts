import { AbortError } from '../errors';

/** How a request ended. */
export type Settlement = { error: null; value: unknown } | { error: Error; value: undefined };

interface Pending {
  task: string;
  settle: (settlement: Settlement) => void;
  timer: NodeJS.Timeout | undefined;
  signal: AbortSignal | undefined;
  onAbort: (() => void) | undefined;
}

/** What a request waits for besides its answer. */
export interface Limits {
  task: string;
  /** In ms; `Infinity` is for ever. */
  timeout: number;
  timedOut: () => Error;
  signal: AbortSignal | undefined;
  /** Called after the request has ended without its answer, so that the slave may be told. */
  givenUp: (id: number, reason: 'timeout' | 'abort') => void;
}

/** The largest delay that a timer takes; a longer one would fire at once. */
const LONGEST_TIMER = 2 ** 31 - 1;

/**
 * The requests that wait for their answer. Only here is a request settled: its entry, its timer and its abort listener go
 * together, so that it is settled once and nothing of it stays.
 */
export class PendingRequests {
  private readonly entries = new Map<number, Pending>();
  private nextId = 1;

  get size(): number {
    return this.entries.size;
  }

  add(settle: (settlement: Settlement) => void, limits: Limits): number {
    const id = this.nextId++;
    const pending: Pending = { task: limits.task, settle, timer: undefined, signal: undefined, onAbort: undefined };
    this.entries.set(id, pending);
    const giveUp = (error: Error, reason: 'timeout' | 'abort') => {
      if (this.settle(id, { error, value: undefined })) limits.givenUp(id, reason);
    };

    if (limits.timeout !== Infinity) {
      pending.timer = setTimeout(() => giveUp(limits.timedOut(), 'timeout'), Math.min(limits.timeout, LONGEST_TIMER));
    }
    const { signal } = limits;
    if (signal !== undefined) {
      pending.signal = signal;
      pending.onAbort = () => giveUp(new AbortError(limits.task, signal.reason), 'abort');
      signal.addEventListener('abort', pending.onAbort, { once: true });
    }
    return id;
  }

  /** @returns false when the request has been settled before */
  settle(id: number, settlement: Settlement): boolean {
    const pending = this.entries.get(id);
    if (pending === undefined) return false;
    this.entries.delete(id);
    clearTimeout(pending.timer);
    if (pending.onAbort !== undefined) pending.signal?.removeEventListener('abort', pending.onAbort);
    pending.settle(settlement);
    return true;
  }

  /** What the request asks for, while it is pending. */
  taskOf(id: number): string | undefined {
    return this.entries.get(id)?.task;
  }

  /** @param error makes one for each: callers may add to theirs */
  settleAll(error: () => Error): void {
    for (const id of [...this.entries.keys()]) this.settle(id, { error: error(), value: undefined });
  }
}
