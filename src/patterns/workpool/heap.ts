/** An item of a {@link Heap}. */
export interface HeapItem {
  /** Index in the heap, maintained by the heap. */
  index: number;
}

/** A binary heap: O(1) access to the first item, O(log n) insertion and removal of any item. */
export class Heap<Item extends HeapItem> {
  private readonly items: Item[] = [];

  constructor(private readonly isBefore: (one: Item, other: Item) => boolean) {}

  get first(): Item | undefined {
    return this.items[0];
  }

  add(item: Item): void {
    this.sift(item, this.items.length);
  }

  remove(item: Item): void {
    const last = this.items.pop();
    if (last !== undefined && last !== item) this.sift(last, item.index);
  }

  /** Moves an item up, then down, from a free index to its position. */
  private sift(item: Item, index: number): void {
    const { items } = this;
    let free = index;
    while (free > 0) {
      const parent = (free - 1) >> 1;
      if (!this.isBefore(item, items[parent])) break;
      this.set(items[parent], free);
      free = parent;
    }
    for (;;) {
      let child = 2 * free + 1;
      if (child >= items.length) break;
      if (child + 1 < items.length && this.isBefore(items[child + 1], items[child])) child++;
      if (!this.isBefore(items[child], item)) break;
      this.set(items[child], free);
      free = child;
    }
    this.set(item, free);
  }

  private set(item: Item, index: number): void {
    this.items[index] = item;
    item.index = index;
  }
}
