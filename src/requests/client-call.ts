import { DEFAULT_WINDOW } from '../protocol/messages';
import { closeIfUnsent } from '../protocol/streamable';
import { StreamReader } from '../protocol/stream-reader';
import type { ResultSink, StreamingRequest } from './request-call';
import type { Response } from './response';

/** Returned by a client's method whose task streams: iterate over it for the items as they come, or await it for all of them. */
export type StreamingCall<Item> = AsyncIterableIterator<Item, undefined> & Promise<Item[]>;

/**
 * A client's call. Whether its task streams, only the slave knows: so it is a promise of the value, or of all items, and an iterator of the
 * items. What comes before somebody has awaited it or asked for an item is held back, no more than a window of it. It can be read once: who
 * awaits it gets what was not iterated over, and leaves nothing to iterate over.
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
   * @param window how many items may be under way
   * @param open makes the request; what it throws is what the call fails with
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
