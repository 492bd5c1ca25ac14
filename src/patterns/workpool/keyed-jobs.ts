import type { SlaveHandle } from '../../handles/slave-handle';
import { Heap, type HeapItem } from './heap';
import { LinkedList } from './linked-list';
import { earlier, type Job } from './workpool-job';
import type { Members } from './workpool-members';

/** The jobs of one key, in their order. Deleted with the last of them. */
class Lane implements HeapItem {
  index = 0;
  readonly waiting = new LinkedList<Job>();
  /** The job that a slave executes. The next one starts when it is done. */
  running: Job | undefined;
  /** The queue that holds the lane while its first job can be sent. */
  heap: Heap<Lane> | undefined;

  constructor(readonly key: string) {}
}

/**
 * The jobs with a key: each key has one slave, which executes its jobs one at a time.
 *
 * Only the first job of a lane can be sent, and only to the slave of its key, so the lanes are sorted by slave. When members join
 * or leave, they are sorted again.
 */
export class KeyedJobs {
  private readonly lanes = new Map<string, Lane>();
  /** The lanes whose first job can be sent, by the slave of their keys. The key undefined is for a pool without members. */
  private readonly heaps = new Map<SlaveHandle | undefined, Heap<Lane>>();
  /** See `Members.changes`. */
  private sortedAt = 0;

  constructor(private readonly members: Members) {}

  /** The first job, whichever slave gets it. */
  get first(): Job | undefined {
    let first: Job | undefined;
    for (const heap of this.heaps.values()) first = earlier(first, heap.first?.waiting.first);
    if (first !== undefined) return first;
    // The remaining jobs wait for running ones.
    for (const { waiting } of this.lanes.values()) if (waiting.first !== undefined) return waiting.first;
    return undefined;
  }

  /** The first job for this slave. */
  firstFor(slave: SlaveHandle): Job | undefined {
    if (this.sortedAt !== this.members.changes) this.sort();
    return this.heaps.get(slave)?.first?.waiting.first;
  }

  /** Whether a job of the key is waiting or running. */
  has(key: string): boolean {
    return this.lanes.has(key);
  }

  /** Adds a waiting job. A job that is sent again comes before the others. */
  add(key: string, job: Job): void {
    const lane = this.laneOf(key);
    if (lane.running === job) lane.waiting.prepend(job);
    else lane.waiting.append(job);
    if (lane.heap === undefined) this.place(lane);
  }

  /** Removes a waiting job. */
  remove(key: string, job: Job): void {
    const lane = this.laneOf(key);
    lane.heap?.remove(lane);
    lane.heap = undefined;
    lane.waiting.remove(job);
    this.place(lane);
  }

  /** Removes a job that is being sent to a slave. */
  begin(key: string, job: Job): void {
    this.laneOf(key).running = job;
  }

  /** The slave has stopped working on the job of the key. */
  end(key: string): void {
    const lane = this.laneOf(key);
    lane.running = undefined;
    this.place(lane);
  }

  private laneOf(key: string): Lane {
    let lane = this.lanes.get(key);
    if (lane === undefined) this.lanes.set(key, (lane = new Lane(key)));
    return lane;
  }

  /** Offers the first job of a lane to the slave of the key, or deletes the empty lane. */
  private place(lane: Lane): void {
    if (lane.running !== undefined) return;
    if (lane.waiting.first === undefined) {
      this.lanes.delete(lane.key);
      return;
    }
    const slave = this.members.slaveOf(lane.key);
    let heap = this.heaps.get(slave);
    if (heap === undefined) this.heaps.set(slave, (heap = new Heap(isBefore)));
    heap.add(lane);
    lane.heap = heap;
  }

  private sort(): void {
    this.sortedAt = this.members.changes;
    this.heaps.clear();
    for (const lane of this.lanes.values()) {
      lane.heap = undefined;
      this.place(lane);
    }
  }
}

function isBefore({ waiting: { first: one } }: Lane, { waiting: { first: other } }: Lane): boolean {
  return one !== undefined && earlier(one, other) === one;
}
