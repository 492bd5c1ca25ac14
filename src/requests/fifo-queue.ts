/** First come, first served; whoever has waited long enough may leave. Each takes one step, however many wait. */
export class FifoQueue<One> {
  private readonly waiting = new Set<One>();
  /** One iterator for all: a new one would have to pass over the places of those that have gone. */
  private cursor = this.waiting.values();

  get size(): number {
    return this.waiting.size;
  }

  push(item: One): void {
    this.waiting.add(item);
  }

  remove(item: One): void {
    this.waiting.delete(item);
  }

  shift(): One | undefined {
    let next = this.cursor.next();
    if (next.done) next = (this.cursor = this.waiting.values()).next();
    if (next.done) return undefined;
    this.waiting.delete(next.value);
    return next.value;
  }
}
