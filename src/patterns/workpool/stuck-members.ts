import { setTimeout } from '../../platform';
import type { Member, Members } from './workpool-members';

/** In ms: how often the members are looked at. */
const INTERVAL = 4;

/** The number of looks without a finished job between them after which what a member was handed ahead goes to others. */
const PATIENCE = 2;

/**
 * Finds members that do not come to what they were handed ahead, because a job takes longer than those before it did. While nothing is
 * handed ahead, no timer runs.
 */
export class StuckMembers {
  private timer: NodeJS.Timeout | undefined;

  /** @param takeBack takes back what a member was handed ahead */
  constructor(
    private readonly members: Members,
    private readonly takeBack: (member: Member) => void,
  ) {}

  /** Something was handed ahead. */
  watch(): void {
    // The jobs keep the program alive.
    this.timer ??= setTimeout(() => this.check(), INTERVAL).unref();
  }

  private check(): void {
    this.timer = undefined;
    let areAnyAhead = false;
    for (const member of this.members) {
      if (member.running <= this.members.concurrency) continue;
      if (++member.looks > PATIENCE) {
        member.isStuck = true;
        this.takeBack(member);
      } else areAnyAhead = true;
    }
    if (areAnyAhead) this.watch();
  }
}
