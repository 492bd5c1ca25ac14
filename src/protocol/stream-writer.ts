import { closeStream, isThenable, type Streamable } from './streamable';
import { setImmediate, wallClock } from '../platform';

/** The receiver of a stream, as its writer sees it. */
export interface StreamSink {
  /**
   * Sends an item.
   *
   * @returns false when the item cannot be sent. The sink has reported that, and the writer only closes the source
   */
  item(value: unknown): boolean;
  /** Called last, when the source has ended, thrown or been closed. */
  end(failure: { error: unknown } | undefined): void;
}

/** In ms: a source that never waits yields to the event loop after this time, so that, for example, a cancellation can arrive. */
const MAX_SLICE = 5;

/**
 * In bytes: about the size of a socket's buffer. A socket is written to only between event loop turns, so that a longer burst would leave
 * the receiver idle (throughput with chunks of 64 KiB: a third less).
 */
const MAX_BURST = 128 * 1024;

/**
 * The sending end of a stream. Reads the next item of its source only when it has credit. Starts in a microtask, so that its creator can
 * close it first.
 */
export class StreamWriter {
  private iterator: AsyncIterator<unknown> | Iterator<unknown> | undefined;
  private isClosed = false;
  /** Whether `next` of the source is on the stack: a running generator cannot be closed. */
  private isCallingNext = false;
  private wake: (() => void) | undefined;
  /** Items that may be sent before further credit arrives. */
  private credit: number;

  /** @param window the largest number of items in flight */
  constructor(
    private readonly source: Streamable,
    private readonly window: number,
    private readonly sink: StreamSink,
  ) {
    this.credit = window;
    void this.run();
  }

  /** Adds credit, up to the window: a faulty receiver cannot exceed it. */
  grant(count: number): void {
    this.credit = Math.min(this.credit + count, this.window);
    this.wake?.();
  }

  /** Closes the source, because the reader has left. `end` is called after the source has run its `finally`. */
  close(): void {
    if (this.isClosed) return;
    this.isClosed = true;
    this.wake?.();
    if (!this.isCallingNext) this.endClosed();
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
      // After `close`, `endClosed` calls `end`.
      if (this.hasClosed()) return;
      failure = { error };
    }
    this.isClosed = true;
    this.sink.end(failure);
  }

  private callNext(iterator: AsyncIterator<unknown> | Iterator<unknown>): IteratorResult<unknown> | PromiseLike<IteratorResult<unknown>> {
    this.isCallingNext = true;
    try {
      return iterator.next();
    } finally {
      this.isCallingNext = false;
      if (this.isClosed) this.endClosed();
    }
  }

  /** Awaits an item that is a promise. If it rejects, the source is closed, since a sync generator does not notice the rejection. */
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

  /** Closes the source without calling `end`. */
  private async closeSilently(): Promise<void> {
    if (this.isClosed) return;
    this.isClosed = true;
    await this.closeSource().catch(() => undefined);
  }

  /** A method, since TypeScript would narrow the property across an `await`. */
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
    // `return` of a Readable's iterator takes effect only after a pending `next`; `destroy` takes effect immediately.
    if (this.iterator === undefined || typeof destroy === 'function') closeStream(this.source);
    else await this.iterator.return?.();
  }
}

/** A cheap estimate, in bytes: only large items matter. */
function sizeOf(item: unknown): number {
  return typeof item === 'string' ? item.length : ArrayBuffer.isView(item) ? item.byteLength : 0;
}
