import { DEFAULT_WINDOW } from '../protocol/messages';
import { closeIfUnsent } from '../protocol/streamable';
import { StreamReader } from '../protocol/stream-reader';
import type { ResultSink, StreamingRequest } from './request-call';
import type { Response } from './response';

/** Returned by a client's method whose task streams: iterate over it to get the items as they arrive, or await it to get all of them. */
export type StreamingCall<Item> = AsyncIterableIterator<Item, undefined> & Promise<Item[]>;

/**
 * A client's call. Only the slave knows whether its task streams, so this is both a promise of the value or of all items, and an iterator of
 * the items. Items that arrive before the first `await` or `next` are buffered, at most a window of them. It can be read once: `await`
 * returns the items not yet iterated over, and the iterator is empty afterwards.
 */
export class ClientCall extends Promise<unknown> implements AsyncIterableIterator<unknown, undefined> {
  /** `then` returns a plain promise. */
  static override get [Symbol.species](): PromiseConstructor {
    return Promise;
  }

  #reader: StreamReader;
  #request: StreamingRequest | undefined;
  #isAwaited = false;
  #isIterated = false;

  /**
   * @param window the number of items that may be in flight
   * @param open makes the request. The call fails with the error that it throws
   */
  constructor(data: unknown, window: number | undefined, open: (sink: ResultSink) => StreamingRequest) {
    let settle!: { resolve: (value: unknown) => void; reject: (error: unknown) => void };
    super((resolve, reject) => (settle = { resolve, reject }));
    this.#reader = new StreamReader(window ?? DEFAULT_WINDOW, {
      credit: (count) => this.#request?.grant(count),
      stop: () => this.#request?.cancel(),
    });
    try {
      this.#request = open({
        resolve: (response: Response) => settle.resolve(response.value),
        reject: settle.reject,
        reader: this.#reader,
      });
    } catch (error) {
      closeIfUnsent(data);
      this.#reader.fail(error);
      settle.reject(error);
    }
  }

  override then<Fulfilled = unknown, Rejected = never>(
    fulfilled?: ((value: unknown) => Fulfilled | PromiseLike<Fulfilled>) | null,
    rejected?: ((reason: unknown) => Rejected | PromiseLike<Rejected>) | null,
  ): Promise<Fulfilled | Rejected> {
    if (!this.#isAwaited) {
      this.#isAwaited = true;
      this.#request?.collect();
      this.#reader.end();
    }
    return super.then(fulfilled, rejected);
  }

  next(): Promise<IteratorResult<unknown, undefined>> {
    this.#iterate();
    return this.#reader.next();
  }

  return(): Promise<IteratorResult<unknown, undefined>> {
    this.#iterate();
    return this.#reader.return();
  }

  /** The iterator reports the error: it must not be reported as an unhandled rejection too. */
  #iterate(): void {
    if (this.#isIterated) return;
    this.#isIterated = true;
    super.then(undefined, () => undefined);
  }

  [Symbol.asyncIterator](): this {
    return this;
  }
}
