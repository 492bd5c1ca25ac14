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
} from '../../errors';
import { isRetryable } from '../../requests/pending-request';
import type { Response } from '../../handles/slave-response';
import { unsentResponse } from '../../requests/response';
import type { SlaveHandle } from '../../handles/slave-handle';
import type { Job, JobSpec } from './workpool-job';
import { type Member, Members } from './workpool-members';
import { WorkpoolQueue } from './workpool-queue';

/** Who hands in more work as there comes to be place for it. */
export interface JobSource {
  /** Called whenever there may be place. */
  refill(): void;
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
  private readonly sources = new Set<JobSource>();
  private readonly drainWaiters: (() => void)[] = [];
  private runningCount = 0;
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
    return this.runningCount;
  }

  /** Whether a further piece would not be refused for the length of the queue. */
  get hasRoom(): boolean {
    return this.queue.size < this.maxQueue || this.members.pick(any) !== undefined || this.members.size === 0;
  }

  /** Whether it can go on: there is somebody to do the work. */
  get isOpen(): boolean {
    return !this.closed && this.members.size > 0;
  }

  addMembers(slaves: readonly SlaveHandle[]): void {
    for (const slave of slaves) this.members.add(slave);
    this.update();
  }

  removeMembers(slaves: readonly SlaveHandle[]): void {
    for (const slave of slaves) this.members.remove(slave);
    this.update();
  }

  /** Takes a piece of work: it is settled in every case. */
  submit(job: Job): void {
    const { task, signal } = job.spec;
    this.members.removeEnded();
    const member = this.members.pick(isRoomy) ?? (this.runningCount === 0 ? this.members.pick(any) : undefined);
    if (this.closed) this.settleUnsent(job, new SlaveExitedError('the workpool', { mayHaveExecuted: false }));
    else if (member !== undefined) this.start(job, member);
    else if (this.members.size === 0) this.rejectNoMembers(job);
    else if (signal?.aborted) this.settleUnsent(job, new AbortError(task, signal.reason));
    else if (this.queue.size >= this.maxQueue) this.settleUnsent(job, new QueueFullError(task, this.maxQueue));
    else this.wait(job);
  }

  /** The feeder is called from now on, … */
  addSource(source: JobSource): void {
    this.sources.add(source);
  }

  /** … until now. */
  removeSource(source: JobSource): void {
    this.sources.delete(source);
  }

  /** Resolves once nothing waits and nothing runs. */
  drained(): Promise<void> {
    return new Promise((resolve) => {
      this.drainWaiters.push(resolve);
      this.resolveDrained();
    });
  }

  /** Takes no more work. @param pending what becomes of that which waits */
  close(pending: 'finish' | 'abort'): void {
    this.closed = true;
    if (pending === 'finish') return;
    for (let job = this.queue.first; job !== undefined; job = this.queue.first) {
      this.unqueue(job);
      this.settleUnsent(job, new SlaveExitedError('the workpool', { mayHaveExecuted: false }));
    }
    this.update();
  }

  private start(job: Job, member: Member): void {
    this.runningCount++;
    this.members.assign(member);
    void job.send(member.slave).then((response) => {
      this.runningCount--;
      member.running--;
      if (this.shouldRetry(job, response)) this.wait(job);
      else job.settle(response);
      this.update();
    });
  }

  private wait(job: Job): void {
    this.queue.add(job);
    job.armLimits((error) => {
      this.unqueue(job);
      this.settleUnsent(job, error);
      this.update();
    });
  }

  private unqueue(job: Job): void {
    this.queue.remove(job);
    job.disarmLimits();
  }

  /** Whether another try shall follow; notes what the last one has shown. */
  private shouldRetry(job: Job, response: Response): boolean {
    const { spec: terms } = job;
    const { error } = response;
    if (error === null || terms.signal?.aborted || !terms.isReusable(job.data)) return false;
    if (hasNotRun(error)) {
      job.attempts--;
      job.lastFailure ??= response;
    } else {
      if (job.attempts > terms.retries || !isWorthRetryingElsewhere(error, terms)) return false;
      job.lastFailure = response;
    }
    job.earlier.add(error);
    return true;
  }

  /** Something has changed: whoever has room gets of what waits, and whoever waits for such a change is told. */
  private update(): void {
    this.members.removeEnded();
    this.dispatch();
    for (const source of this.sources) source.refill();
    this.resolveDrained();
  }

  private dispatch(): void {
    while (this.queue.size > 0) {
      const member = this.members.pick((slave) => isRoomy(slave) && this.jobFor(slave) !== undefined);
      const job =
        member !== undefined
          ? this.jobFor(member.slave)
          : this.runningCount === 0 || this.members.size === 0
            ? this.queue.first
            : undefined;
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
    const member = this.members.pick(isRoomy) ?? (job.lastFailure === undefined ? this.members.pick(any) : undefined);
    if (member !== undefined) this.start(job, member);
    else this.rejectNoMembers(job);
  }

  /** Nobody is left to do it. */
  private rejectNoMembers(job: Job): void {
    const { lastRemoved: dropped } = this.members;
    if (job.lastFailure !== undefined) job.settle(job.lastFailure);
    // It refuses, and its error says how it ended.
    else if (dropped !== undefined) this.start(job, dropped);
    else job.reject(new NoSlaveError(job.spec.task));
  }

  /** Settles what has never been sent, or not again. */
  private settleUnsent(job: Job, error: DistIOError): void {
    const slave = job.lastFailure?.slave ?? this.members.nominalSlave;
    if (slave === undefined) return job.reject(error);
    job.settle(unsentResponse(slave, job.spec.task, error, Math.max(1, job.attempts)));
  }

  private resolveDrained(): void {
    if (this.queue.size === 0 && this.runningCount === 0) for (const tell of this.drainWaiters.splice(0)) tell();
  }
}

const any = (): boolean => true;

const isRoomy = (slave: SlaveHandle): boolean => !slave.isFull;

/** Whether the slave surely never saw the work. */
function hasNotRun(error: Error): boolean {
  return error instanceof SpawnError || ((error instanceof SlaveDiedError || error instanceof SlaveExitedError) && !error.mayHaveExecuted);
}

/** Whether another member may do better: one that is not paused, or less slow. */
function isWorthRetryingElsewhere(error: Error, spec: JobSpec): boolean {
  return isRetryable(error) || error instanceof SlavePausedError || (error instanceof TimeoutError && spec.timeout === undefined);
}
