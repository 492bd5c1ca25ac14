import { closeStream, type Streamable } from './streamable';
import { setImmediate, wallClock } from '../platform';

/** Where a stream goes. */
export interface StreamSink {
  /** Sends an item. @returns false when it cannot travel; that has been told already, and the source is to be closed */
  item(value: unknown): boolean;
  /** The last word: the source has ended, has thrown, or was closed. */
  end(failure: { error: unknown } | undefined): void;
}

/** In ms: a source that is never late must let the thread do something else now and then, such as hear that nobody reads any more. */
const MAX_SLICE = 5;

/**
 * In bytes: about what a socket holds. Only when the thread turns to something else is more of it written, so that making much at one go
 * would leave the far end with nothing to read meanwhile (of chunks of 64 KiB, a third less came through).
 */
const MAX_BURST = 128 * 1024;

/**
 * The sending end of a stream: asks its source for the next item only when the far end has given credit for it. It begins in a moment,
 * so that whoever has made it can close it before.
 */
export class StreamWriter {
  private iterator: AsyncIterator<unknown> | Iterator<unknown> | undefined;
  private isClosed = false;
  /** The source is running on this very stack: a generator can be closed only afterwards. */
  private isAsking = false;
  private wake: (() => void) | undefined;
  /** How many items may be sent until more is granted. */
  private credit: number;

  /** @param window how many items may be under way */
  constructor(
    private readonly source: Streamable,
    private readonly window: number,
    private readonly sink: StreamSink,
  ) {
    this.credit = window;
    void this.run();
  }

  /** So many more may be sent; never more than the window, whatever a far end that is broken grants. */
  grant(count: number): void {
    this.credit = Math.min(this.credit + count, this.window);
    this.wake?.();
  }

  /** Nobody reads any more. The source runs its `finally`, which `end` follows. */
  close(): void {
    if (this.isClosed) return;
    this.isClosed = true;
    this.wake?.();
    if (!this.isAsking) this.endClosed();
  }

  private async run(): Promise<void> {
    let failure: { error: unknown } | undefined;
    try {
      await Promise.resolve();
      if (this.hasClosed()) return;
      const { source } = this;
      const iterator = (this.iterator = Symbol.asyncIterator in source ? source[Symbol.asyncIterator]() : source[Symbol.iterator]());
      let since = wallClock();
      let bytes = 0;
      for (;;) {
        while (this.credit === 0 && !this.hasClosed()) {
          await new Promise<void>((resolve) => (this.wake = resolve));
          since = wallClock();
        }
        if (this.hasClosed()) return;
        const next = this.callNext(iterator);
        const result = isThenable(next) ? await next : next;
        if (this.hasClosed()) return;
        if (result.done === true) break;
        const item: unknown = isThenable(result.value) ? await this.awaitItem(result.value) : result.value;
        if (this.hasClosed()) return;
        this.credit--;
        if (!this.sink.item(item)) return await this.closeSilently();
        bytes += sizeOf(item);
        if (bytes >= MAX_BURST || wallClock() - since >= MAX_SLICE) {
          await new Promise(setImmediate);
          since = wallClock();
          bytes = 0;
        }
      }
    } catch (error) {
      // After `close`, that is where the last word comes from.
      if (this.hasClosed()) return;
      failure = { error };
    }
    this.isClosed = true;
    this.sink.end(failure);
  }

  private callNext(iterator: AsyncIterator<unknown> | Iterator<unknown>): IteratorResult<unknown> | PromiseLike<IteratorResult<unknown>> {
    this.isAsking = true;
    try {
      return iterator.next();
    } finally {
      this.isAsking = false;
      if (this.isClosed) this.endClosed();
    }
  }

  /** A generator that gives a promise does not learn that it was rejected: it has to be closed. */
  private async awaitItem(item: PromiseLike<unknown>): Promise<unknown> {
    try {
      return await item;
    } catch (error) {
      if (!this.isClosed) {
        await this.closeSilently();
        this.sink.end({ error });
      }
      return undefined;
    }
  }

  /** Closes the source without a last word. */
  private async closeSilently(): Promise<void> {
    if (this.isClosed) return;
    this.isClosed = true;
    await this.closeSource().catch(() => undefined);
  }

  /** Asked anew after each wait. */
  private hasClosed(): boolean {
    return this.isClosed;
  }

  private endClosed(): void {
    this.closeSource().then(
      () => this.sink.end(undefined),
      (error: unknown) => this.sink.end({ error }),
    );
  }

  private async closeSource(): Promise<void> {
    const { destroy } = this.source as { destroy?: () => unknown };
    // A Readable that is being waited for would hear of `return` only once it has given something.
    if (this.iterator === undefined || typeof destroy === 'function') closeStream(this.source);
    else await this.iterator.return?.();
  }
}

/** As far as it is easily told: only of what is large it matters. */
function sizeOf(item: unknown): number {
  return typeof item === 'string' ? item.length : ArrayBuffer.isView(item) ? item.byteLength : 0;
}

function isThenable<Value>(value: Value | PromiseLike<Value>): value is PromiseLike<Value> {
  return typeof (value as { then?: unknown } | null | undefined)?.then === 'function';
}
