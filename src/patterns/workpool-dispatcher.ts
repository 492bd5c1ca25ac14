import {
  AbortError,
  type DistIOError,
  NoSlaveError,
  QueueFullError,
  SlaveDiedError,
  SlaveExitedError,
  SlavePausedError,
  SpawnError,
  TimeoutError,
} from '../errors';
import { isRetryable } from '../master/pending-request';
import { createResponse, type Response } from '../master/response';
import type { SlaveHandle } from '../master/slave-handle';
import type { Job, Terms } from './workpool-job';
import { type Member, Members } from './workpool-members';
import { WorkpoolQueue } from './workpool-queue';

/** Who hands in more work as there comes to be place for it. */
export interface Feeder {
  /** Called whenever there may be place. */
  feed(): void;
}

/**
 * Who gets which piece of work, and when.
 *
 * Work waits only while each member that could do it has as much as it may have. So something is always running that will end, and
 * with its end the pool looks around: it needs to listen to nothing, and nothing of it stays with a slave.
 */
export class Dispatcher {
  readonly members: Members;
  private readonly queue = new WorkpoolQueue();
  private readonly feeders = new Set<Feeder>();
  private readonly drains: (() => void)[] = [];
  private count = 0;
  private closed = false;

  constructor(
    concurrency: number,
    private readonly maxQueue: number,
  ) {
    this.members = new Members(concurrency);
  }

  /** How many pieces wait. */
  get waiting(): number {
    return this.queue.size;
  }

  /** How many pieces are being executed. */
  get running(): number {
    return this.count;
  }

  /** Whether a further piece would not be refused for the length of the queue. */
  get hasRoom(): boolean {
    return this.queue.size < this.maxQueue || this.members.next(anything) !== undefined || this.members.size === 0;
  }

  /** Whether it can go on: there is somebody to do the work. */
  get isOpen(): boolean {
    return !this.closed && this.members.size > 0;
  }

  join(slaves: readonly SlaveHandle[]): void {
    for (const slave of slaves) this.members.add(slave);
    this.lookAround();
  }

  leave(slaves: readonly SlaveHandle[]): void {
    for (const slave of slaves) this.members.remove(slave);
    this.lookAround();
  }

  /** Takes a piece of work: it is settled in every case. */
  submit(job: Job): void {
    const { task, signal } = job.terms;
    this.members.dropEnded();
    const member = this.members.next(isRoomy) ?? (this.count === 0 ? this.members.next(anything) : undefined);
    if (this.closed) this.refuse(job, new SlaveExitedError('the workpool', { mayHaveExecuted: false }));
    else if (member !== undefined) this.start(job, member);
    else if (this.members.size === 0) this.turnAway(job);
    else if (signal?.aborted) this.refuse(job, new AbortError(task, signal.reason));
    else if (this.queue.size >= this.maxQueue) this.refuse(job, new QueueFullError(task, this.maxQueue));
    else this.wait(job);
  }

  /** The feeder is called from now on, … */
  addFeeder(feeder: Feeder): void {
    this.feeders.add(feeder);
  }

  /** … until now. */
  removeFeeder(feeder: Feeder): void {
    this.feeders.delete(feeder);
  }

  /** Resolves once nothing waits and nothing runs. */
  drained(): Promise<void> {
    return new Promise((resolve) => {
      this.drains.push(resolve);
      this.tellDrained();
    });
  }

  /** Takes no more work. @param pending what becomes of that which waits */
  close(pending: 'finish' | 'abort'): void {
    this.closed = true;
    if (pending === 'finish') return;
    for (let job = this.queue.first; job !== undefined; job = this.queue.first) {
      this.unqueue(job);
      this.refuse(job, new SlaveExitedError('the workpool', { mayHaveExecuted: false }));
    }
    this.lookAround();
  }

  private start(job: Job, member: Member): void {
    this.count++;
    this.members.begin(member);
    void job.send(member.slave).then((response) => {
      this.count--;
      member.running--;
      if (this.shallGoOn(job, response)) this.wait(job);
      else job.settle(response);
      this.lookAround();
    });
  }

  private wait(job: Job): void {
    this.queue.add(job);
    job.watch((error) => {
      this.unqueue(job);
      this.refuse(job, error);
      this.lookAround();
    });
  }

  private unqueue(job: Job): void {
    this.queue.remove(job);
    job.unwatch();
  }

  /** Whether another try shall follow; notes what the last one has shown. */
  private shallGoOn(job: Job, response: Response): boolean {
    const { terms } = job;
    const { error } = response;
    if (error === null || terms.signal?.aborted || !terms.maySendAgain(job.data)) return false;
    if (hasNotRun(error)) {
      job.tries--;
      job.failure ??= response;
    } else {
      if (job.tries > terms.retries || !mayGoBetter(error, terms)) return false;
      job.failure = response;
    }
    job.earlier.add(error);
    return true;
  }

  /** Something has changed: whoever has room gets of what waits, and whoever waits for such a change is told. */
  private lookAround(): void {
    this.members.dropEnded();
    this.dispatch();
    for (const feeder of this.feeders) feeder.feed();
    this.tellDrained();
  }

  private dispatch(): void {
    while (this.queue.size > 0) {
      const member = this.members.next((slave) => isRoomy(slave) && this.jobFor(slave) !== undefined);
      const job =
        member !== undefined ? this.jobFor(member.slave) : this.count === 0 || this.members.size === 0 ? this.queue.first : undefined;
      if (job === undefined) return;
      this.unqueue(job);
      if (member !== undefined) this.start(job, member);
      else this.startAnywhere(job);
    }
  }

  /** What failed on a slave is for others, if there are others. */
  private jobFor(slave: SlaveHandle): Job | undefined {
    return this.members.size === 1 ? this.queue.first : this.queue.firstFor(slave);
  }

  /** No member that could do it takes it, and nothing runs whose end to wait for: a member that has failed it will do. */
  private startAnywhere(job: Job): void {
    const member = this.members.next(isRoomy) ?? (job.failure === undefined ? this.members.next(anything) : undefined);
    if (member !== undefined) this.start(job, member);
    else this.turnAway(job);
  }

  /** Nobody is left to do it. */
  private turnAway(job: Job): void {
    const { dropped } = this.members;
    if (job.failure !== undefined) job.settle(job.failure);
    // It refuses, and its error says how it ended.
    else if (dropped !== undefined) this.start(job, dropped);
    else job.reject(new NoSlaveError(job.terms.task));
  }

  /** Settles what has never been sent, or not again. */
  private refuse(job: Job, error: DistIOError): void {
    const slave = job.failure?.slave ?? this.members.speaker;
    if (slave === undefined) return job.reject(error);
    const now = performance.timeOrigin + performance.now();
    job.settle(createResponse(slave, job.terms.task, now, now, error, undefined, Math.max(1, job.tries)));
  }

  private tellDrained(): void {
    if (this.queue.size === 0 && this.count === 0) for (const tell of this.drains.splice(0)) tell();
  }
}

const anything = (): boolean => true;

const isRoomy = (slave: SlaveHandle): boolean => !slave.isFull;

/** Whether the slave surely never saw the work. */
function hasNotRun(error: Error): boolean {
  return error instanceof SpawnError || ((error instanceof SlaveDiedError || error instanceof SlaveExitedError) && !error.mayHaveExecuted);
}

/** Whether another member may do better: one that is not paused, or less slow. */
function mayGoBetter(error: Error, terms: Terms): boolean {
  return isRetryable(error) || error instanceof SlavePausedError || (error instanceof TimeoutError && terms.timeout === undefined);
}
