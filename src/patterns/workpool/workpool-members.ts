import type { SlaveHandle } from '../../handles/slave-handle';

/** A slave in a pool. */
export class Member {
  /** How much of the pool's work it has. */
  running = 0;
  /** When it got its last piece, as a count of all pieces. */
  lastPicked = 0;

  constructor(readonly slave: SlaveHandle) {}
}

/** The slaves of a pool. */
export class Members {
  /** The one that dropped out last, as long as nobody has left otherwise since: it says why nothing is done any more. */
  lastRemoved: Member | undefined;
  private readonly bySlave = new Map<SlaveHandle, Member>();
  /** Also those that have left: who comes back may still have work from before. */
  private readonly known = new WeakMap<SlaveHandle, Member>();
  private pickCount = 0;

  /** @param concurrency how much of the pool's work each may have at one time */
  constructor(private readonly concurrency: number) {}

  get slaves(): SlaveHandle[] {
    return [...this.bySlave.keys()].filter((slave) => slave.acceptsRequests);
  }

  get size(): number {
    return this.bySlave.size;
  }

  /** How many pieces they can have at one time, all together. */
  get capacity(): number {
    return this.bySlave.size * this.concurrency;
  }

  /** The slave that an answer is from which none has given. */
  get nominalSlave(): SlaveHandle | undefined {
    const [first = this.lastRemoved?.slave] = this.bySlave.keys();
    return first;
  }

  add(slave: SlaveHandle): void {
    const member = this.known.get(slave) ?? new Member(slave);
    this.known.set(slave, member);
    this.bySlave.set(slave, member);
  }

  remove(slave: SlaveHandle): void {
    if (this.bySlave.delete(slave)) this.lastRemoved = undefined;
  }

  /**
   * The one that gets the next piece, if one has room: an idle one, else the one that has the fewest requests to answer; among
   * equals, the one whose last piece lies furthest back.
   *
   * @param hasWork whether there is something for a slave
   */
  pick(hasWork: (slave: SlaveHandle) => boolean): Member | undefined {
    let best: Member | undefined;
    for (const member of this.bySlave.values()) {
      const isFree = member.running < this.concurrency && hasWork(member.slave);
      if (isFree && (best === undefined || precedes(member, best))) best = member;
    }
    return best;
  }

  /** The member gets a piece. */
  assign(member: Member): void {
    member.running++;
    member.lastPicked = ++this.pickCount;
  }

  /** Drops those that take no more work, because they have ended or are about to. */
  removeEnded(): void {
    for (const member of this.bySlave.values()) {
      if (member.slave.acceptsRequests) continue;
      this.bySlave.delete(member.slave);
      this.lastRemoved = member;
    }
  }
}

function precedes(one: Member, other: Member): boolean {
  const difference = one.slave.load - other.slave.load;
  return difference < 0 || (difference === 0 && one.lastPicked < other.lastPicked);
}
