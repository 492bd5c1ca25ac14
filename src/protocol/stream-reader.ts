/** Where a stream comes from. */
export interface Upstream {
  /** So many more items may be sent. */
  credit(count: number): void;
  /** No more items are wanted. */
  stop(): void;
}

interface Waiting {
  resolve: (result: IteratorResult<unknown, undefined>) => void;
  reject: (error: unknown) => void;
}

/**
 * The receiving end of a stream: holds what has come until it is asked for. Credit is given for what was read, so that no more than a
 * window of items is under way or waits here.
 */
export class StreamReader implements AsyncIterableIterator<unknown, undefined> {
  private items: unknown[] = [];
  /** Where the first item stands that was not read yet. */
  private head = 0;
  /** How many were read for which no credit was given yet. */
  private readSinceCredit = 0;
  private readonly waiting: Waiting[] = [];
  /** Whether nothing more comes. */
  isOver = false;
  private failure: { error: unknown } | undefined;
  /** Given in portions, since each is a message of its own. */
  private readonly creditStep: number;

  /** @param window how many items may be under way */
  constructor(
    private readonly window: number,
    private readonly upstream: Upstream,
  ) {
    this.creditStep = Math.max(1, Math.floor(window / 2));
  }

  /** An item has come. */
  push(value: unknown): void {
    // More than the window is sent only by a far end that is broken, and must not fill the memory here.
    if (this.isOver || this.items.length - this.head >= this.window) return;
    const next = this.waiting.shift();
    if (next === undefined) this.items.push(value);
    else next.resolve(this.deliver(value));
  }

  /** There are no more. */
  end(): void {
    this.isOver = true;
    for (const { resolve } of this.waiting.splice(0)) resolve({ done: true, value: undefined });
  }

  /** There will be no more. The error comes after the items before it; `now` drops those. */
  fail(error: unknown, now = false): void {
    if (this.isOver && !now) return;
    this.isOver = true;
    if (now) this.clear();
    const [next, ...others] = this.waiting.splice(0);
    if ((next as Waiting | undefined) === undefined) this.failure = { error };
    else next.reject(error);
    for (const { resolve } of others) resolve({ done: true, value: undefined });
  }

  /** All that has come and was not read, at once. Credit for it is given elsewhere. */
  takeBuffered(): unknown[] {
    const items = this.items.slice(this.head);
    this.clear();
    return items;
  }

  next(): Promise<IteratorResult<unknown, undefined>> {
    if (this.head < this.items.length) {
      const value = this.items[this.head];
      this.items[this.head++] = undefined;
      if (this.head === this.items.length) this.clear();
      else if (this.head === this.window) this.compact();
      return Promise.resolve(this.deliver(value));
    }
    if (this.failure !== undefined) {
      const { error } = this.failure;
      this.failure = undefined;
      // eslint-disable-next-line @typescript-eslint/prefer-promise-reject-errors -- it is whatever was thrown
      return Promise.reject(error);
    }
    if (this.isOver) return Promise.resolve({ done: true, value: undefined });
    return new Promise((resolve, reject) => this.waiting.push({ resolve, reject }));
  }

  /** Whoever reads breaks off. */
  return(): Promise<IteratorResult<unknown, undefined>> {
    if (!this.isOver) this.upstream.stop();
    this.failure = undefined;
    this.clear();
    this.end();
    return Promise.resolve({ done: true, value: undefined });
  }

  [Symbol.asyncIterator](): this {
    return this;
  }

  private deliver(value: unknown): IteratorResult<unknown, undefined> {
    if (++this.readSinceCredit >= this.creditStep && !this.isOver) {
      this.upstream.credit(this.readSinceCredit);
      this.readSinceCredit = 0;
    }
    return { done: false, value };
  }

  /** Gives back the places of what was read: a reader that never quite catches up would keep them all. */
  private compact(): void {
    this.items = this.items.slice(this.head);
    this.head = 0;
  }

  private clear(): void {
    this.items = [];
    this.head = 0;
  }
}
