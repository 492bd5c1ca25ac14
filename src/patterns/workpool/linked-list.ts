/** An item of a {@link LinkedList}. */
export interface Linked<Item> {
  /** Maintained by the list, like `previous` and `next`: the list that holds the item, and its neighbors. */
  list: object | undefined;
  previous: Item | undefined;
  next: Item | undefined;
}

/** A doubly linked list with O(1) insertion and removal. An item can be in one list at a time. */
export class LinkedList<Item extends Linked<Item>> {
  first: Item | undefined;
  private last: Item | undefined;

  append(item: Item): void {
    item.list = this;
    item.previous = this.last;
    if (this.last === undefined) this.first = item;
    else this.last.next = item;
    this.last = item;
  }

  prepend(item: Item): void {
    item.list = this;
    item.next = this.first;
    if (this.first === undefined) this.last = item;
    else this.first.previous = item;
    this.first = item;
  }

  remove(item: Item): void {
    const { previous, next } = item;
    item.list = item.previous = item.next = undefined;
    if (previous === undefined) this.first = next;
    else previous.next = next;
    if (next === undefined) this.last = previous;
    else next.previous = previous;
  }
}
