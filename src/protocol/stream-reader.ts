/** The sending end of a stream, as its reader sees it. */
export interface Upstream {
  /** Allows `count` more items to be sent. */
  credit(count: number): void;
  /** Stops the sender. */
  stop(): void;
}

interface Waiting {
  resolve: (result: IteratorResult<unknown, undefined>) => void;
  reject: (error: unknown) => void;
}

/**
 * The receiving end of a stream. Buffers items until they are read. Grants credit for items that were read, so that at most one window
 * of items is in flight or buffered.
 */
export class StreamReader implements AsyncIterableIterator<unknown, undefined> {
  private items: unknown[] = [];
  /** Index of the first unread item. */
  private head = 0;
  /** Items read since the last credit. */
  private readSinceCredit = 0;
  private readonly waiting: Waiting[] = [];
  /** Whether no more items will arrive. */
  isOver = false;
  private failure: { error: unknown } | undefined;
  /** Items for each credit: several, since each credit is a message. */
  private readonly creditStep: number;

  /** @param window the largest number of items in flight */
  constructor(
    private readonly window: number,
    private readonly upstream: Upstream,
  ) {
    this.creditStep = Math.max(1, Math.floor(window / 2));
  }

  /** Adds an item that has arrived. */
  push(value: unknown): void {
    // Only a faulty sender exceeds the window; dropping the item bounds the memory used here.
    if (this.isOver || this.items.length - this.head >= this.window) return;
    const next = this.waiting.shift();
    if (next === undefined) this.items.push(value);
    else next.resolve(this.deliver(value));
  }

  /** Ends the stream after the buffered items. */
  end(): void {
    this.isOver = true;
    for (const { resolve } of this.waiting.splice(0)) resolve({ done: true, value: undefined });
  }

  /** Fails the stream after the buffered items, or, if `now` is true, discards them. */
  fail(error: unknown, now = false): void {
    if (this.isOver && !now) return;
    this.isOver = true;
    if (now) this.clear();
    const [next, ...others] = this.waiting.splice(0);
    if ((next as Waiting | undefined) === undefined) this.failure = { error };
    else next.reject(error);
    for (const { resolve } of others) resolve({ done: true, value: undefined });
  }

  /** Removes and returns the buffered items. The caller grants credit for them. */
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
      // eslint-disable-next-line @typescript-eslint/prefer-promise-reject-errors -- the source may throw any value
      return Promise.reject(error);
    }
    if (this.isOver) return Promise.resolve({ done: true, value: undefined });
    return new Promise((resolve, reject) => this.waiting.push({ resolve, reject }));
  }

  /** Called when the reader leaves its loop. */
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

  /** Frees the slots of read items; with a reader that never catches up, they would accumulate. */
  private compact(): void {
    this.items = this.items.slice(this.head);
    this.head = 0;
  }

  private clear(): void {
    this.items = [];
    this.head = 0;
  }
}
