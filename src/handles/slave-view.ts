import { inspect } from 'node:util';
import type { SlaveHandle } from './slave-handle';

/**
 * Some of the slaves that accept work, in the order of their ids. It is evaluated at each use, so always up to date. It can be a
 * selector.
 */
export class SlaveView implements Iterable<SlaveHandle> {
  /** @internal */
  constructor(
    private readonly source: Iterable<SlaveHandle>,
    private readonly matches: (slave: SlaveHandle) => boolean,
    private readonly countMatches?: () => number,
  ) {}

  /** The number of slaves. */
  get length(): number {
    if (this.countMatches !== undefined) return this.countMatches();
    let count = 0;
    for (const slave of this.source) if (this.matches(slave)) count++;
    return count;
  }

  /** Iterates over the slaves in the order of their ids. */
  *[Symbol.iterator](): Iterator<SlaveHandle> {
    for (const slave of this.source) if (this.matches(slave)) yield slave;
  }

  /** @internal Written by loggers. */
  toJSON(): object {
    return [...this];
  }

  /** @internal Shown by console.log. */
  [inspect.custom](): object {
    return this.toJSON();
  }
}
