import { DEFAULT_WINDOW } from '../protocol/messages';
import { closeIfUnsent } from '../protocol/streamable';
import { StreamReader } from '../protocol/stream-reader';
import type { ResultSink, StreamingRequest } from './request-call';

/**
 * The items of a task that streams: iterate over it, or pass it to `Readable.from` or to `pipeline` of node:stream. It can be read once.
 *
 * @typeParam Item the type of an item
 * @example
 * ```js
 * await pipeline(slave.stream('search', { file, word }), process.stdout);
 * ```
 */
export class ItemStream<Item = unknown> implements AsyncIterableIterator<Item, undefined> {
  private readonly reader: StreamReader;
  private request: StreamingRequest | undefined;
  private hasBegun = false;

  /**
   * @internal
   * @param data the data of the task
   * @param window the number of items that may be in flight
   * @param begin makes the request
   */
  constructor(
    private readonly data: unknown,
    window: number | undefined,
    private readonly begin: (sink: ResultSink) => StreamingRequest,
  ) {
    this.reader = new StreamReader(window ?? DEFAULT_WINDOW, {
      credit: (count) => this.request?.grant(count),
      stop: () => this.request?.cancel(),
    });
  }

  /** The next item. @throws the error of the task, or a DistIOError */
  next(): Promise<IteratorResult<Item, undefined>> {
    if (!this.hasBegun) {
      this.hasBegun = true;
      this.request = this.begin({ resolve: () => undefined, reader: this.reader });
    }
    return this.reader.next() as Promise<IteratorResult<Item, undefined>>;
  }

  /** Stops reading and cancels the task, which closes its generator. `for await` calls this when the loop is left. */
  return(): Promise<IteratorResult<Item, undefined>> {
    if (!this.hasBegun) closeIfUnsent(this.data);
    this.hasBegun = true;
    return this.reader.return() as Promise<IteratorResult<Item, undefined>>;
  }

  /** Itself. */
  [Symbol.asyncIterator](): this {
    return this;
  }
}
