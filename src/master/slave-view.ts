import type { SlaveHandle } from './slave-handle';

/** Some of the living slaves, in the order of their ids. Always up to date: it is asked again each time. A selector, too. */
export class SlaveView implements Iterable<SlaveHandle> {
  /** @internal */
  constructor(
    private readonly all: Iterable<SlaveHandle>,
    private readonly holds: (slave: SlaveHandle) => boolean,
    private readonly count?: () => number,
  ) {}

  /** How many they are. */
  get length(): number {
    if (this.count !== undefined) return this.count();
    let count = 0;
    for (const slave of this.all) if (this.holds(slave)) count++;
    return count;
  }

  /** Goes through them in the order of their ids. */
  *[Symbol.iterator](): Iterator<SlaveHandle> {
    for (const slave of this.all) if (this.holds(slave)) yield slave;
  }
}
