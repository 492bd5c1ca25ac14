import { WINDOW } from '../protocol/messages';
import { StreamReader } from '../protocol/stream-reader';
import type { Outlet, PendingRequest } from './pending-request';
import type { Response } from './response';

/** What a client's method gives whose task streams: iterate over it for the items as they come, or await it for all of them. */
export type ItemCall<Item> = AsyncIterableIterator<Item, undefined> & Promise<Item[]>;

/**
 * A client's call. Whether its task streams, only the slave knows: so it is a promise of the value, or of all items, and an iterator of the
 * items. What comes before somebody has awaited it or asked for an item is held back, no more than a window of it.
 */
export class Call extends Promise<unknown> implements AsyncIterableIterator<unknown, undefined> {
  /** What `then` gives is a plain promise. */
  static override get [Symbol.species](): PromiseConstructor {
    return Promise;
  }

  #reader: StreamReader;
  #request: PendingRequest | undefined;
  #outlet: Outlet;
  #isCollected = false;

  /** @param window how many items may be under way */
  constructor(window: number | undefined) {
    let outlet!: Pick<Outlet, 'resolve' | 'reject'>;
    super((resolve, reject) => (outlet = { resolve: (response: Response) => resolve(response.value), reject }));
    this.#reader = new StreamReader(window ?? WINDOW, {
      credit: (count) => this.#request?.grant(count),
      stop: () => this.#request?.breakOff(),
    });
    this.#outlet = { ...outlet, reader: this.#reader };
  }

  /** @internal Makes the request, as soon as its task is known; later than the call, when the slave is still loading. */
  begin(open: (outlet: Outlet) => PendingRequest): void {
    if (this.#reader.isOver) return;
    this.#request = open(this.#outlet);
    if (this.#isCollected) this.#request.collect();
  }

  /** @internal It cannot be made. */
  fail(error: Error): void {
    this.#reader.fail(error);
    this.#outlet.reject?.(error);
  }

  override then<Fulfilled = unknown, Rejected = never>(
    fulfilled?: ((value: unknown) => Fulfilled | PromiseLike<Fulfilled>) | null,
    rejected?: ((reason: unknown) => Rejected | PromiseLike<Rejected>) | null,
  ): Promise<Fulfilled | Rejected> {
    this.#isCollected = true;
    this.#request?.collect();
    return super.then(fulfilled, rejected);
  }

  next(): Promise<IteratorResult<unknown, undefined>> {
    // Who iterates learns of a failure there.
    super.then(undefined, () => undefined);
    return this.#reader.next();
  }

  return(): Promise<IteratorResult<unknown, undefined>> {
    super.then(undefined, () => undefined);
    return this.#reader.return();
  }

  [Symbol.asyncIterator](): this {
    return this;
  }
}
