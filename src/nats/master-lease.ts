import { performance } from '../performance';
import { clearTimeout, setTimeout } from '../platform';
import type { Beat } from './host-messages';
import type { HostedSlave } from './hosted-slave';

/** After how many heartbeats without an answer the slaves of a master are ended: before the master, which waits for three, gives them up. */
const LEASE_BEATS = 2;

/**
 * The slaves that a host runs for one master, as long as that master answers the host's heartbeats.
 *
 * The lease is counted from when the answered heartbeat was *sent*. The master counts from when it was received, and longer, so that the slaves
 * have been ended when it gives them up: nothing that it starts elsewhere runs twice.
 */
export class MasterLease {
  readonly slaves = new Map<string, HostedSlave>();
  private number = 0;
  private renewedAt = performance.now();
  private readonly sentAt = new Map<number, number>();
  private timer: NodeJS.Timeout | undefined;

  /**
   * @param heartbeat in ms
   * @param onExpired called when the master has not answered for too long
   */
  constructor(
    private readonly heartbeat: number,
    private readonly send: (beat: Omit<Beat, 'instance'>) => void,
    private readonly onExpired: () => void,
  ) {
    this.beat();
  }

  answered(number: number): void {
    const sentAt = this.sentAt.get(number);
    if (sentAt === undefined) return;
    this.renewedAt = Math.max(this.renewedAt, sentAt);
    for (const known of this.sentAt.keys()) if (known <= number) this.sentAt.delete(known);
  }

  end(): void {
    clearTimeout(this.timer);
  }

  private beat(): void {
    const now = performance.now();
    if (now - this.renewedAt > LEASE_BEATS * this.heartbeat) return this.onExpired();
    this.sentAt.set(++this.number, now);
    this.send({ number: this.number });
    this.timer = setTimeout(() => this.beat(), this.heartbeat / 2);
  }
}
