/** First come, first served; whoever has waited long enough may leave. Each takes one step, however many wait. */
export class WaitingLine<One> {
  private readonly waiting = new Set<One>();
  /** One iterator for all: a new one would have to pass over the places of those that have gone. */
  private ones = this.waiting.values();

  get size(): number {
    return this.waiting.size;
  }

  push(one: One): void {
    this.waiting.add(one);
  }

  remove(one: One): void {
    this.waiting.delete(one);
  }

  shift(): One | undefined {
    let next = this.ones.next();
    if (next.done) next = (this.ones = this.waiting.values()).next();
    if (next.done) return undefined;
    this.waiting.delete(next.value);
    return next.value;
  }
}
