import { Heap, type HeapItem } from './heap';

/** What a {@link PriorityQueue} holds. */
export interface Queued<Item> {
  /** Higher comes first. */
  readonly priority: number;
  /** The queue's own notes: the line in which it stands, and its neighbors there. */
  bucket: Bucket<Item> | undefined;
  previous: Item | undefined;
  next: Item | undefined;
}

/** Those of one priority, in the order in which they came. */
interface Bucket<Item> extends HeapItem {
  readonly priority: number;
  first: Item | undefined;
  last: Item | undefined;
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
    const bucket = this.buckets.get(item.priority) ?? this.open(item.priority);
    item.bucket = bucket;
    item.previous = bucket.last;
    if (bucket.last === undefined) bucket.first = item;
    else bucket.last.next = item;
    bucket.last = item;
  }

  remove(item: Item): void {
    const { bucket: line, previous: before, next: after } = item;
    if (line === undefined) return;
    item.bucket = item.previous = item.next = undefined;
    if (before === undefined) line.first = after;
    else before.next = after;
    if (after === undefined) line.last = before;
    else after.previous = before;
    if (line.first === undefined) this.close(line);
  }

  private open(priority: number): Bucket<Item> {
    const bucket: Bucket<Item> = { priority, first: undefined, last: undefined, index: 0 };
    this.buckets.set(priority, bucket);
    this.heap.add(bucket);
    return bucket;
  }

  private close(bucket: Bucket<Item>): void {
    this.buckets.delete(bucket.priority);
    this.heap.remove(bucket);
  }
}
