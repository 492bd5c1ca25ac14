/** What a {@link Heap} holds. */
export interface HeapItem {
  /** The heap's own note of where it stands. */
  index: number;
}

/** A binary heap: the one that precedes all others is at hand, adding and removing any of n takes log n steps. */
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

  /** Puts an item into a free place, and from there to where it belongs. */
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
