import type { SlaveHandle } from '../../handles/slave-handle';
import { PriorityQueue } from './priority-queue';
import type { Job } from './workpool-job';
import type { Members } from './workpool-members';

/** The jobs that wait for a member of a pool. */
export class WorkpoolQueue {
  private readonly fresh = new PriorityQueue<Job>();
  /** Jobs to be sent again, by the slave that had them last: another one should get them. */
  private readonly deferred = new Map<SlaveHandle, PriorityQueue<Job>>();
  private count = 0;

  constructor(private readonly members: Members) {}

  get size(): number {
    return this.count;
  }

  add(job: Job): void {
    job.queue = this.queueFor(job);
    job.queue.add(job);
    this.count++;
  }

  remove(job: Job): void {
    const { queue } = job;
    if (queue === undefined) return;
    queue.remove(job);
    job.queue = undefined;
    this.count--;
    const slave = lastSlave(job);
    if (slave !== undefined && queue.first === undefined) this.deferred.delete(slave);
  }

  /** The first job, whichever slave gets it. */
  get first(): Job | undefined {
    let { first } = this.fresh;
    for (const queue of this.deferred.values()) first = earlier(first, queue.first);
    return first;
  }

  /** The first job for this slave: one that it failed is for others, if there are others. */
  firstFor(slave: SlaveHandle): Job | undefined {
    let { first } = this.fresh;
    for (const { first: job } of this.deferred.values()) if (job !== undefined && this.mayTake(slave, job)) first = earlier(first, job);
    return first;
  }

  private mayTake(slave: SlaveHandle, { failedOn, refusedBy }: Job): boolean {
    if (refusedBy.includes(slave)) return !this.members.hasOthersThan(refusedBy);
    return failedOn !== slave || !this.members.hasOthersThan([...refusedBy, failedOn]);
  }

  private queueFor(job: Job): PriorityQueue<Job> {
    const last = lastSlave(job);
    if (last === undefined) return this.fresh;
    let queue = this.deferred.get(last);
    if (queue === undefined) this.deferred.set(last, (queue = new PriorityQueue()));
    return queue;
  }
}

function lastSlave({ failedOn, refusedBy }: Job): SlaveHandle | undefined {
  return refusedBy.at(-1) ?? failedOn;
}

/** Of equal priority, the one that was handed over first. */
function earlier(one: Job | undefined, other: Job | undefined): Job | undefined {
  if (one === undefined || other === undefined) return one ?? other;
  const difference = other.priority - one.priority;
  return difference < 0 || (!(difference > 0) && one.sequence < other.sequence) ? one : other;
}
