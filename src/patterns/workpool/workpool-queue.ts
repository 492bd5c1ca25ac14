import type { SlaveHandle } from '../../handles/slave-handle';
import { KeyedJobs } from './keyed-jobs';
import { PriorityQueue } from './priority-queue';
import { earlier, type Job } from './workpool-job';
import type { Members } from './workpool-members';

/** The jobs that wait for a member of a pool. */
export class WorkpoolQueue {
  private readonly fresh = new PriorityQueue<Job>();
  /** Jobs that were sent and did not run, since their slave has ended. Any slave may take them. */
  private readonly moved = new PriorityQueue<Job>();
  /** Jobs to be sent again, by the slave that had them last. Other slaves are preferred. */
  private readonly deferred = new Map<SlaveHandle, PriorityQueue<Job>>();
  private readonly keyed: KeyedJobs;
  private count = 0;

  constructor(private readonly members: Members) {
    this.keyed = new KeyedJobs(members);
  }

  get size(): number {
    return this.count;
  }

  add(job: Job): void {
    const { key } = job.spec;
    this.count++;
    if (key !== undefined) return this.keyed.add(key, job);
    job.queue = this.queueFor(job);
    job.queue.add(job);
  }

  /** Adds a job that was handed ahead and taken back. It comes before the others. */
  putBack(job: Job): void {
    const { key } = job.spec;
    this.count++;
    if (key !== undefined) {
      this.keyed.add(key, job);
      return this.keyed.end(key);
    }
    job.queue = this.queueFor(job);
    job.queue.prepend(job);
  }

  /** Removes a job, if it waits. */
  remove(job: Job): void {
    if (job.list === undefined) return;
    const { key } = job.spec;
    this.count--;
    if (key !== undefined) return this.keyed.remove(key, job);
    const { queue } = job;
    queue?.remove(job);
    job.queue = undefined;
    const slave = lastSlave(job);
    if (slave !== undefined && queue?.first === undefined) this.deferred.delete(slave);
  }

  /** Removes a job that is being sent to a slave. */
  begin(job: Job): void {
    const { key } = job.spec;
    if (key !== undefined) this.keyed.begin(key, job);
    this.remove(job);
  }

  /** Called when the slave has stopped executing the job. */
  end({ spec: { key } }: Job): void {
    if (key !== undefined) this.keyed.end(key);
  }

  /** The first job, whichever slave gets it. */
  get first(): Job | undefined {
    let first = earlier(earlier(this.fresh.first, this.moved.first), this.keyed.first);
    for (const queue of this.deferred.values()) first = earlier(first, queue.first);
    return first;
  }

  /** The first job for this slave. A job that failed on it is left to other members, if there are others. */
  firstFor(slave: SlaveHandle): Job | undefined {
    let first = earlier(earlier(this.fresh.first, this.moved.first), this.keyed.firstFor(slave));
    for (const { first: job } of this.deferred.values()) if (job !== undefined && this.mayTake(slave, job)) first = earlier(first, job);
    return first;
  }

  /** Whether a job of the key is waiting or running. */
  has(key: string): boolean {
    return this.keyed.has(key);
  }

  private mayTake(slave: SlaveHandle, { failedOn, refusedBy }: Job): boolean {
    if (refusedBy.includes(slave)) return !this.members.hasOthersThan(refusedBy);
    return failedOn !== slave || !this.members.hasOthersThan([...refusedBy, failedOn]);
  }

  private queueFor(job: Job): PriorityQueue<Job> {
    const last = lastSlave(job);
    if (last === undefined) return job.lastFailure === undefined ? this.fresh : this.moved;
    let queue = this.deferred.get(last);
    if (queue === undefined) this.deferred.set(last, (queue = new PriorityQueue()));
    return queue;
  }
}

function lastSlave({ failedOn, refusedBy }: Job): SlaveHandle | undefined {
  return refusedBy.at(-1) ?? failedOn;
}
