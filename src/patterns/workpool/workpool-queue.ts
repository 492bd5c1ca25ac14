import type { SlaveHandle } from '../../handles/slave-handle';
import { PriorityQueue } from './priority-queue';
import type { Job } from './workpool-job';

/** The work that waits for a member of a pool. */
export class WorkpoolQueue {
  private readonly fresh = new PriorityQueue<Job>();
  /** What is to be tried again, by the slave that tried it last: another one shall. */
  private readonly failed = new Map<SlaveHandle, PriorityQueue<Job>>();
  private count = 0;

  get size(): number {
    return this.count;
  }

  add(job: Job): void {
    job.queue = job.lastFailure === undefined ? this.fresh : this.failedOn(job.lastFailure.slave);
    job.queue.add(job);
    this.count++;
  }

  remove(job: Job): void {
    const { queue } = job;
    if (queue === undefined) return;
    queue.remove(job);
    job.queue = undefined;
    this.count--;
    const slave = job.lastFailure?.slave;
    if (slave !== undefined && queue.first === undefined) this.failed.delete(slave);
  }

  /** What comes first, whoever does it. */
  get first(): Job | undefined {
    return this.firstFor(undefined);
  }

  /** What this slave gets first, if there is something for it. */
  firstFor(slave: SlaveHandle | undefined): Job | undefined {
    let { first } = this.fresh;
    for (const [last, queue] of this.failed) {
      const again = queue.first;
      if (last === slave || again === undefined) continue;
      // Of equals, what has been tried comes before what has not.
      if (first === undefined || again.priority > first.priority || (again.priority === first.priority && first.lastFailure === undefined))
        first = again;
    }
    return first;
  }

  private failedOn(slave: SlaveHandle): PriorityQueue<Job> {
    let queue = this.failed.get(slave);
    if (queue === undefined) this.failed.set(slave, (queue = new PriorityQueue()));
    return queue;
  }
}
