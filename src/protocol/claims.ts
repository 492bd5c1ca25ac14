/** 32-bit integers in memory that the master and the slave share. What one end has stored, the other loads. */
export interface SharedIntegers {
  load(index: number): number;
  store(index: number, value: number): void;
}

/** Indexes of the integers. */
const CLAIMED = 0;
const REVOKED = 1;
const HANDLED = 2;

/**
 * Which end has the requests that wait in the slave. Each has a position: 1, 2, 3, … The slave claims a position before it begins with the
 * request; the master revokes all positions from one on to take the requests back. Both work while the other end is busy, or dead.
 *
 * Each end stores its own integer before it loads the other's, as in Dekker's algorithm for mutual exclusion: of a claim and a revocation
 * at the same time, at least one end notices the other. The master then leaves the request to the slave, and the slave waits for the
 * master's message about it.
 *
 * Positions wrap around at 2³², so that they are compared by their difference.
 */
export class Claims {
  /** For the slave: the revocation that it has got the message of. */
  private handled = 0;
  /** For the master: the last revocation, until it is known that the slave has got the message. */
  private revoked = 0;

  constructor(private readonly integers: SharedIntegers) {}

  /** For the slave. @returns false if the master has revoked the position: its message tells what becomes of the request */
  claim(position: number): boolean {
    this.integers.store(CLAIMED, position);
    return this.mayBegin(position);
  }

  /** For the slave. @returns whether no message about the position is on its way */
  mayBegin(position: number): boolean {
    const revoked = this.integers.load(REVOKED);
    return revoked === this.handled || difference(position, revoked) < 0;
  }

  /** For the slave: the message of a revocation has arrived. */
  handle(revoked: number): void {
    this.handled = revoked;
    this.integers.store(HANDLED, revoked);
  }

  /**
   * For the master: whether the slave has got the message of the last revocation. Until then, no further position may be given: a later
   * revocation would hide this one.
   */
  get areSettled(): boolean {
    if (this.revoked !== 0 && this.integers.load(HANDLED) === this.revoked) this.revoked = 0;
    return this.revoked === 0;
  }

  /** For the master. @returns the first position that the slave will not begin with */
  revoke(from: number): number {
    this.revoked = from;
    this.integers.store(REVOKED, from);
    const { firstUnclaimed } = this;
    return difference(firstUnclaimed, from) > 0 ? firstUnclaimed : from;
  }

  /** For the master. */
  get firstUnclaimed(): number {
    return (this.integers.load(CLAIMED) + 1) | 0;
  }
}

/** Negative if the first position is before the second. */
export function difference(one: number, other: number): number {
  return (one - other) | 0;
}
