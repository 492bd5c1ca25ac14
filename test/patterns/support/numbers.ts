/** An endless source that counts how many numbers were read from it, and how often it was closed. */
export class Numbers {
  read = 0;
  closed = 0;

  /** @param failAt the number instead of which it throws */
  constructor(
    readonly isAsync = false,
    readonly failAt = Infinity,
  ) {}

  [Symbol.iterator](): Iterator<number> {
    return this.iterator() as Iterator<number>;
  }

  get [Symbol.asyncIterator](): (() => AsyncIterator<number>) | undefined {
    return this.isAsync ? () => this.iterator() as AsyncIterator<number> : undefined;
  }

  private iterator(): object {
    const next = (): IteratorResult<number> => {
      if (this.read === this.failAt) throw new RangeError('dry');
      return { done: false, value: this.read++ };
    };
    const close = (): IteratorResult<number> => ({ done: true, value: this.closed++ });
    // eslint-disable-next-line @typescript-eslint/require-await -- makes a throw a rejection
    return this.isAsync ? { next: async () => next(), return: async () => close() } : { next, return: close };
  }
}
