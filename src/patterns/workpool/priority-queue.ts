import { Heap, type HeapItem } from './heap';
import { type Linked, LinkedList } from './linked-list';

/** An item of a {@link PriorityQueue}. */
export interface Queued<Item> extends Linked<Item> {
  /** Higher comes first. */
  readonly priority: number;
}

/** The items of one priority, in the order of insertion. */
class Bucket<Item extends Queued<Item>> extends LinkedList<Item> implements HeapItem {
  index = 0;

  constructor(readonly priority: number) {
    super();
  }
}

/**
 * A queue with the highest priority first, and FIFO among equal priorities.
 *
 * The items of each priority form a doubly linked list, and the lists form a heap. With few priorities, all operations take constant time,
 * including removal from the middle, which aborted jobs need.
 */
export class PriorityQueue<Item extends Queued<Item>> {
  private readonly buckets = new Map<number, Bucket<Item>>();
  private readonly heap = new Heap<Bucket<Item>>((one, other) => one.priority > other.priority);

  get first(): Item | undefined {
    return this.heap.first?.first;
  }

  add(item: Item): void {
    (this.buckets.get(item.priority) ?? this.open(item.priority)).append(item);
  }

  /** Adds an item before the others of its priority. */
  prepend(item: Item): void {
    (this.buckets.get(item.priority) ?? this.open(item.priority)).prepend(item);
  }

  remove(item: Item): void {
    const bucket = this.buckets.get(item.priority);
    if (bucket === undefined || item.list !== bucket) return;
    bucket.remove(item);
    if (bucket.first !== undefined) return;
    this.buckets.delete(item.priority);
    this.heap.remove(bucket);
  }

  private open(priority: number): Bucket<Item> {
    const bucket = new Bucket<Item>(priority);
    this.buckets.set(priority, bucket);
    this.heap.add(bucket);
    return bucket;
  }
}
