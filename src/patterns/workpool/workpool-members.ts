import { pickByKey } from '../../handles/rendezvous';
import type { SlaveHandle } from '../../handles/slave-handle';

/** A slave in a pool. */
export class Member {
  /** The number of the pool's jobs that it works on, cancelled ones included. */
  running = 0;
  /** The number of its last job among all picks. */
  lastPicked = 0;
  /** Number of looks since it has finished a job: see `StuckMembers`. */
  looks = 0;
  /** Whether it gets no more jobs ahead: it had as many as it may, and half of them have not ended yet. */
  isFilled = false;
  /** Whether a job of it takes so long that nothing is handed ahead until it has finished one. */
  isStuck = false;

  constructor(readonly slave: SlaveHandle) {}
}

/** The slaves of a pool. */
export class Members {
  /** The member that ended last; its error explains why the pool is empty. Undefined once a member was removed. */
  lastDropped: SlaveHandle | undefined;
  /** The number of joins and leaves so far. */
  changes = 0;
  private readonly bySlave = new Map<SlaveHandle, Member>();
  /** Former members included: a slave that joins again may still work on earlier jobs. */
  private readonly known = new WeakMap<SlaveHandle, Member>();
  private pickCount = 0;

  /** By member, what ends its observation. */
  private readonly observed = new Map<SlaveHandle, () => void>();

  /**
   * @param concurrency the number of the pool's jobs that a member gets at one time
   * @param onChange called when a member may have begun, or ceased, to take jobs
   */
  constructor(
    readonly concurrency: number,
    private readonly onChange: () => void,
  ) {}

  /** Those that accept work, or did until they were restarted too often. */
  get kept(): SlaveHandle[] {
    return [...this.bySlave.keys()].filter((slave) => slave.acceptsRequests || slave.isSuspended);
  }

  [Symbol.iterator](): Iterator<Member> {
    return this.bySlave.values();
  }

  get slaves(): SlaveHandle[] {
    return [...this.bySlave.keys()].filter((slave) => slave.acceptsRequests);
  }

  get size(): number {
    return this.bySlave.size;
  }

  /** The number of jobs that all members together can have at one time, those that are handed ahead included. */
  get capacity(): number {
    let capacity = 0;
    for (const member of this.bySlave.values()) capacity += this.concurrency + this.roomAhead(member);
    return capacity;
  }

  /** How many jobs a member may have besides those that it runs. */
  private roomAhead({ slave, isStuck }: Member): number {
    return slave.isReady && !isStuck ? slave.requests.roomAhead(this.concurrency) : 0;
  }

  /** Whether it may be handed another job ahead. Not for each that has ended: several jobs make one message. */
  private mayHaveAhead(member: Member): boolean {
    const room = this.roomAhead(member);
    const ahead = member.running - this.concurrency;
    member.isFilled = ahead >= room || (member.isFilled && ahead > room / 2);
    return !member.isFilled;
  }

  /** Whether it runs fewer jobs than it may. */
  isFree({ running }: Member): boolean {
    return running < this.concurrency;
  }

  /** The free slots of members that are still loading. */
  get reserve(): number {
    let reserve = 0;
    for (const { slave, running } of this.bySlave.values())
      if (slave.isServing && !slave.isReady) reserve += Math.max(0, this.concurrency - running);
    return reserve;
  }

  /** The slave named in a response that no slave produced. */
  get nominalSlave(): SlaveHandle | undefined {
    const [first = this.lastDropped] = this.bySlave.keys();
    return first;
  }

  add(slave: SlaveHandle): void {
    const member = this.known.get(slave) ?? new Member(slave);
    this.known.set(slave, member);
    this.bySlave.set(slave, member);
    this.changes++;
    const observer = (): void => {
      this.changes++;
      this.onChange();
    };
    if (!this.observed.has(slave)) this.observed.set(slave, slave.observe(observer));
  }

  remove(slave: SlaveHandle): void {
    if (!this.bySlave.has(slave)) return;
    this.drop(slave);
    this.lastDropped = undefined;
  }

  private drop(slave: SlaveHandle): void {
    this.bySlave.delete(slave);
    this.observed.get(slave)?.();
    this.observed.delete(slave);
    this.changes++;
  }

  /** The member that gets the jobs of a key. */
  slaveOf(key: string): SlaveHandle | undefined {
    return pickByKey(
      [...this.bySlave.keys()].filter((slave) => !slave.isSuspended),
      key,
    );
  }

  /** One of the members, when the work of all of them fails: see `SlaveControl.isSuspended`. */
  get suspended(): SlaveHandle | undefined {
    let suspended: SlaveHandle | undefined;
    for (const slave of this.bySlave.keys()) {
      if (!slave.isSuspended) return undefined;
      suspended ??= slave;
    }
    return suspended;
  }

  /** Whether there are members besides these, apart from those whose work fails. */
  hasOthersThan(slaves: readonly SlaveHandle[]): boolean {
    for (const slave of this.bySlave.keys()) if (!slaves.includes(slave) && !slave.isSuspended) return true;
    return false;
  }

  /**
   * The member that gets the next job, if one has room: the one with the fewest requests to answer, so an idle one first. Of several idle
   * ones the one that was picked last, which is not asleep yet; of others with equally many, the one that was picked longest ago. As long
   * as none is ready, those that are loading get jobs, too. If all run as many as they may, one whose tasks are short gets it ahead.
   *
   * @param hasWork whether there is a job for a slave, which it may get ahead or not
   * @param mayBeFull whether a slave may be picked that refuses requests for want of room, if there is no other
   */
  pick(hasWork: (slave: SlaveHandle, isAhead: boolean) => boolean, mayBeFull: boolean): Member | undefined {
    let ready: Member | undefined;
    let loading: Member | undefined;
    let ahead: Member | undefined;
    let isAnyReady = false;
    for (const member of this.bySlave.values()) {
      const { slave } = member;
      if (!slave.isServing) continue;
      isAnyReady ||= slave.isReady;
      const isFree = this.isFree(member);
      if (!isFree && (ready !== undefined || !this.mayHaveAhead(member))) continue;
      if ((slave.isFull && !mayBeFull) || !hasWork(slave, !isFree)) continue;
      if (!isFree) ahead = better(member, ahead);
      else if (!slave.isReady) loading = better(member, loading);
      else ready = better(member, ready);
    }
    return isAnyReady ? (ready ?? ahead) : loading;
  }

  /** The member gets a job. */
  assign(member: Member): void {
    member.lastPicked = ++this.pickCount;
  }

  /** Drops those that take no more work, because they have ended or are about to. */
  removeEnded(): void {
    for (const slave of this.bySlave.keys()) {
      if (slave.acceptsRequests || slave.isSuspended) continue;
      this.drop(slave);
      this.lastDropped = slave;
    }
  }
}

function better(member: Member, best: Member | undefined): Member {
  if (best === undefined) return member;
  if (member.slave.isFull !== best.slave.isFull) return best.slave.isFull ? member : best;
  const { load } = member.slave;
  if (load !== best.slave.load) return load < best.slave.load ? member : best;
  const isBetter = load === 0 ? member.lastPicked > best.lastPicked : member.lastPicked < best.lastPicked;
  return isBetter ? member : best;
}
