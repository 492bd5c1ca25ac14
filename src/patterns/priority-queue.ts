import { Heap, type Heaped } from './heap';

/** What a {@link PriorityQueue} holds. */
export interface Queued<Item> {
  /** Higher comes first. */
  readonly priority: number;
  /** The queue's own notes: the line in which it stands, and its neighbors there. */
  line: Line<Item> | undefined;
  before: Item | undefined;
  after: Item | undefined;
}

/** Those of one priority, in the order in which they came. */
interface Line<Item> extends Heaped {
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
  private readonly lines = new Map<number, Line<Item>>();
  private readonly heap = new Heap<Line<Item>>((one, other) => one.priority > other.priority);

  get first(): Item | undefined {
    return this.heap.first?.first;
  }

  add(item: Item): void {
    const line = this.lines.get(item.priority) ?? this.open(item.priority);
    item.line = line;
    item.before = line.last;
    if (line.last === undefined) line.first = item;
    else line.last.after = item;
    line.last = item;
  }

  remove(item: Item): void {
    const { line, before, after } = item;
    if (line === undefined) return;
    item.line = item.before = item.after = undefined;
    if (before === undefined) line.first = after;
    else before.after = after;
    if (after === undefined) line.last = before;
    else after.before = before;
    if (line.first === undefined) this.close(line);
  }

  private open(priority: number): Line<Item> {
    const line: Line<Item> = { priority, first: undefined, last: undefined, place: 0 };
    this.lines.set(priority, line);
    this.heap.add(line);
    return line;
  }

  private close(line: Line<Item>): void {
    this.lines.delete(line.priority);
    this.heap.remove(line);
  }
}
