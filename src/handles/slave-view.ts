import type { SlaveHandle } from './slave-handle';

/** Some of the living slaves, in the order of their ids. Always up to date: it is asked again each time. A selector, too. */
export class SlaveView implements Iterable<SlaveHandle> {
  /** @internal */
  constructor(
    private readonly source: Iterable<SlaveHandle>,
    private readonly matches: (slave: SlaveHandle) => boolean,
    private readonly countMatches?: () => number,
  ) {}

  /** How many they are. */
  get length(): number {
    if (this.countMatches !== undefined) return this.countMatches();
    let count = 0;
    for (const slave of this.source) if (this.matches(slave)) count++;
    return count;
  }

  /** Goes through them in the order of their ids. */
  *[Symbol.iterator](): Iterator<SlaveHandle> {
    for (const slave of this.source) if (this.matches(slave)) yield slave;
  }
}
