import { StuckMembers } from './stuck-members';
import type { Member, Members } from './workpool-members';

/** Counts the jobs that members have: those that they run, and those that were handed ahead. */
export class SentJobs {
  private total = 0;
  private aheadCount = 0;
  /** The lowest priority among those that were handed ahead since there were none. */
  private lowest = Infinity;
  private readonly stuck: StuckMembers;

  /** @param onTakenBack called after jobs were taken back from a member that is stuck */
  constructor(
    private readonly members: Members,
    onTakenBack: () => void,
  ) {
    this.stuck = new StuckMembers(members, ({ slave }) => {
      slave.requests.takeBack();
      onTakenBack();
    });
  }

  /** Number of jobs that the members have. */
  get count(): number {
    return this.total;
  }

  /** Number of these jobs that wait, since their member runs as many as it may. */
  get ahead(): number {
    return this.aheadCount;
  }

  /** Number of jobs that the members run. */
  get running(): number {
    return this.total - this.aheadCount;
  }

  /** A member gets a job. */
  add(member: Member, priority: number): void {
    this.members.assign(member);
    this.change(member, 1);
    if (member.running <= this.members.concurrency) return;
    this.lowest = Math.min(this.lowest, priority);
    this.stuck.watch();
  }

  /** A member has finished a job. */
  finish(member: Member): void {
    member.looks = 0;
    member.isStuck = false;
    this.change(member, -1);
  }

  /** A job was taken back from a member. */
  takenBack(member: Member): void {
    this.change(member, -1);
  }

  /** Takes back the jobs of a lower priority that have not begun. */
  takeBackBelow(priority: number): void {
    if (priority <= this.lowest) return;
    for (const { slave } of this.members) slave.requests.takeBack(priority);
  }

  private change(member: Member, by: 1 | -1): void {
    const { concurrency } = this.members;
    const before = Math.max(0, member.running - concurrency);
    member.running += by;
    this.total += by;
    this.aheadCount += Math.max(0, member.running - concurrency) - before;
    if (this.aheadCount === 0) this.lowest = Infinity;
  }
}
