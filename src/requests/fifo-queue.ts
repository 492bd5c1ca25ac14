/** FIFO queue; push, shift and remove are O(1). */
export class FifoQueue<Item> {
  private readonly waiting = new Set<Item>();
  /** Reused: a new iterator would first skip the slots of all removed items. */
  private cursor = this.waiting.values();

  get size(): number {
    return this.waiting.size;
  }

  push(item: Item): void {
    this.waiting.add(item);
  }

  remove(item: Item): void {
    this.waiting.delete(item);
  }

  shift(): Item | undefined {
    let next = this.cursor.next();
    if (next.done) next = (this.cursor = this.waiting.values()).next();
    if (next.done) return undefined;
    this.waiting.delete(next.value);
    return next.value;
  }
}
