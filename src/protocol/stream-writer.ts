import type { Streamable } from './streamable';

/** Where a stream goes. */
export interface StreamTarget {
  /** Sends an item. @returns false when it cannot travel; that has been told already, and the source is to be closed */
  item(value: unknown): boolean;
  /** The last word: the source has ended, has thrown, or was closed. */
  end(failure: { error: unknown } | undefined): void;
}

/** In ms: a source that is never late must let the thread do something else now and then, such as hear that nobody reads any more. */
const PATIENCE = 5;

/** The sending end of a stream: asks its source for the next item only when the far end has given credit for it. */
export class StreamWriter {
  private readonly iterator: AsyncIterator<unknown> | Iterator<unknown>;
  private isClosed = false;
  private wake: (() => void) | undefined;

  /** @param credit how many items may be sent until more is granted */
  constructor(
    private readonly source: Streamable,
    private credit: number,
    private readonly target: StreamTarget,
  ) {
    this.iterator = Symbol.asyncIterator in source ? source[Symbol.asyncIterator]() : source[Symbol.iterator]();
    void this.run();
  }

  /** So many more may be sent. */
  grant(count: number): void {
    this.credit += count;
    this.wake?.();
  }

  /** Nobody reads any more. The source runs its `finally`, which `end` follows. */
  close(): void {
    if (this.isClosed) return;
    this.isClosed = true;
    this.wake?.();
    this.closeSource().then(
      () => this.target.end(undefined),
      (error: unknown) => this.target.end({ error }),
    );
  }

  private async run(): Promise<void> {
    let failure: { error: unknown } | undefined;
    try {
      let since = Date.now();
      for (;;) {
        while (this.credit === 0 && !this.hasClosed()) {
          await new Promise<void>((resolve) => (this.wake = resolve));
          since = Date.now();
        }
        if (this.hasClosed()) return;
        const next: unknown = this.iterator.next();
        const result = (isThenable(next) ? await next : next) as IteratorResult<unknown>;
        if (this.hasClosed()) return;
        if (result.done === true) break;
        const item: unknown = isThenable(result.value) ? await result.value : result.value;
        if (this.hasClosed()) return;
        this.credit--;
        if (!this.target.item(item)) {
          this.isClosed = true;
          await this.closeSource().catch(() => undefined);
          return;
        }
        if (Date.now() - since >= PATIENCE) {
          await new Promise(setImmediate);
          since = Date.now();
        }
      }
    } catch (error) {
      // After `close`, that is where the last word comes from.
      if (this.hasClosed()) return;
      failure = { error };
    }
    this.isClosed = true;
    this.target.end(failure);
  }

  /** Asked anew after each wait. */
  private hasClosed(): boolean {
    return this.isClosed;
  }

  private async closeSource(): Promise<void> {
    const { destroy } = this.source as { destroy?: () => unknown };
    // A Readable that is being waited for would hear of `return` only once it has given something.
    if (typeof destroy === 'function') destroy.call(this.source);
    else await this.iterator.return?.();
  }
}

function isThenable(value: unknown): value is PromiseLike<unknown> {
  return typeof (value as { then?: unknown } | null | undefined)?.then === 'function';
}
