/** What a {@link Heap} holds. */
export interface Heaped {
  /** The heap's own note of where it stands. */
  place: number;
}

/** A binary heap: the one that precedes all others is at hand, adding and removing any of n takes log n steps. */
export class Heap<Item extends Heaped> {
  private readonly items: Item[] = [];

  constructor(private readonly precedes: (one: Item, other: Item) => boolean) {}

  get first(): Item | undefined {
    return this.items[0];
  }

  add(item: Item): void {
    this.settle(item, this.items.length);
  }

  remove(item: Item): void {
    const last = this.items.pop();
    if (last !== undefined && last !== item) this.settle(last, item.place);
  }

  /** Puts an item into a free place, and from there to where it belongs. */
  private settle(item: Item, place: number): void {
    const { items } = this;
    let free = place;
    while (free > 0) {
      const parent = (free - 1) >> 1;
      if (!this.precedes(item, items[parent])) break;
      this.put(items[parent], free);
      free = parent;
    }
    for (;;) {
      let child = 2 * free + 1;
      if (child >= items.length) break;
      if (child + 1 < items.length && this.precedes(items[child + 1], items[child])) child++;
      if (!this.precedes(items[child], item)) break;
      this.put(items[child], free);
      free = child;
    }
    this.put(item, free);
  }

  private put(item: Item, place: number): void {
    this.items[place] = item;
    item.place = place;
  }
}
