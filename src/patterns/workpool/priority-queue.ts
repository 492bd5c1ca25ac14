import { Heap, type HeapItem } from './heap';
import { type Linked, LinkedList } from './linked-list';

/** What a {@link PriorityQueue} holds. */
export interface Queued<Item> extends Linked<Item> {
  /** Higher comes first. */
  readonly priority: number;
}

/** Those of one priority, in the order in which they came. */
class Bucket<Item extends Queued<Item>> extends LinkedList<Item> implements HeapItem {
  index = 0;

  constructor(readonly priority: number) {
    super();
  }
}

/**
 * The highest priority first; among equals, first come, first served.
 *
 * Those of one priority stand in a linked list, so that with few priorities everything takes one step, however many wait: also
 * leaving from the middle, as happens when work is aborted. Only the lists are in a heap.
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
