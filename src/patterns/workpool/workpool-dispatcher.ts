import { AbortError, QueueFullError, SlaveExitedError } from '../../errors';
import type { Response } from '../../handles/slave-response';
import type { HandedAheadCall } from '../../requests/request-call';
import { Waiters } from '../../requests/waiters';
import type { SlaveHandle } from '../../handles/slave-handle';
import { Refill } from './refill';
import { SentJobs } from './sent-jobs';
import { refuse, rejectNoMembers, settleUnsent } from './unsent-jobs';
import type { Job, JobSpec } from './workpool-job';
import { type Member, Members } from './workpool-members';
import { WorkpoolQueue } from './workpool-queue';
import { nextStep } from './workpool-retry';

/** Supplies more jobs as capacity frees up. */
export interface JobSource {
  /** Called whenever there may be room. It may submit jobs and must not throw. */
  refill(): void;
}

/** What bounds a pool. */
export interface DispatcherLimits {
  /** How many jobs a member gets at one time. */
  readonly concurrency: number;
  /** How many jobs may wait. */
  readonly maxQueue: number;
  /** How long jobs wait for a member when there is none, in ms. */
  readonly refillTimeout: number;
}

/** What a dispatcher tells its pool. */
export interface DispatcherEvents {
  /** A member has joined, left, or may have begun, or ceased, to take jobs. */
  onMembersChange(): void;
  /** @param jobs number of jobs without a free slot: the pool may add members at once */
  onShortage(jobs: number): void;
}

/**
 * Decides which member gets which job, and when. Jobs wait while every member that could take one is full or loading, or while there is
 * no member. Each of these states ends with an event that the pool sees anyway: a slave is released, is ready, or joins.
 */
export class Dispatcher {
  readonly members: Members;
  private readonly queue: WorkpoolQueue;
  private readonly sources = new Set<JobSource>();
  private readonly waiters = new Waiters();
  private readonly sent: SentJobs;
  /** The number of sent jobs without an outcome. A cancelled job has an outcome, and may still be running. */
  private unsettledCount = 0;
  private isClosed = false;
  private isUpdating = false;
  private mustUpdate = false;
  private readonly refill: Refill;

  constructor(
    private readonly limits: DispatcherLimits,
    private readonly events: DispatcherEvents,
  ) {
    this.members = new Members(limits.concurrency, () => {
      this.update();
      events.onMembersChange();
    });
    this.queue = new WorkpoolQueue(this.members);
    this.sent = new SentJobs(this.members, () => this.update());
    this.refill = new Refill(limits.refillTimeout, () => this.update());
  }

  /** How many jobs wait, those that were handed ahead included. */
  get waiting(): number {
    return this.queue.size + this.sent.ahead;
  }

  /** The number of jobs that members work on, cancelled ones included. */
  get running(): number {
    return this.sent.running;
  }

  /** Whether the queue takes another job. */
  hasRoomFor(spec: JobSpec): boolean {
    const { queue, members, limits } = this;
    if (members.size === 0) return this.refill.isOver || queue.size < Math.max(1, limits.maxQueue);
    return this.waiting < limits.maxQueue + members.reserve || this.pickFor(spec) !== undefined;
  }

  /** Whether jobs can still be executed, now or once a slave joins. */
  get isOpen(): boolean {
    return !this.isClosed && !(this.refill.isOver && this.members.size === 0);
  }

  addMembers(slaves: readonly SlaveHandle[]): void {
    for (const slave of slaves) this.members.add(slave);
    this.update();
    this.events.onMembersChange();
  }

  removeMembers(slaves: readonly SlaveHandle[]): void {
    for (const slave of slaves) this.members.remove(slave);
    // They finish what they have begun.
    for (const slave of slaves) slave.requests.takeBack();
    this.update();
    this.events.onMembersChange();
  }

  /** Submits a job, which is settled in every case. */
  submit(job: Job): void {
    const { members, queue, limits } = this;
    const { task, signal } = job.spec;
    members.removeEnded();
    this.sent.takeBackBelow(job.priority);
    const member = this.pickFor(job.spec, job);
    if ((member === undefined || !members.isFree(member)) && !this.isClosed) this.events.onShortage(this.waiting + 1 - members.reserve);
    if (this.isClosed) settleUnsent(job, new SlaveExitedError('The workpool', { mayHaveExecuted: false }), members);
    else if (signal?.aborted) settleUnsent(job, new AbortError(task, signal.reason), members);
    else if (member !== undefined) this.start(job, member);
    else if (members.suspended !== undefined) refuse(job, members.suspended);
    else if (members.size === 0 && (this.refill.isOver || queue.size >= limits.maxQueue)) rejectNoMembers(job, members);
    else if (this.waiting >= limits.maxQueue + members.reserve)
      settleUnsent(job, new QueueFullError(task, { maxQueue: limits.maxQueue }), members);
    else this.enqueue(job);
  }

  /** Adds a source, which is asked for jobs from now on. */
  addSource(source: JobSource): void {
    this.sources.add(source);
    this.update();
  }

  removeSource(source: JobSource): void {
    this.sources.delete(source);
  }

  /** Whether a job that nobody takes at once may wait. */
  get hasRoom(): boolean {
    return this.isOpen && this.waiting < this.limits.maxQueue + this.members.reserve;
  }

  /** Resolves once there is room, or no job is taken any more. */
  roomMade(): Promise<void> {
    return this.waiters.wait(() => this.hasRoom || !this.isOpen);
  }

  /** Resolves once no job waits and no member works on one. */
  drained(): Promise<void> {
    return this.waiters.wait(() => this.queue.size === 0 && this.sent.count === 0);
  }

  /** Resolves once each job has its outcome. */
  settled(): Promise<void> {
    return this.waiters.wait(() => this.queue.size === 0 && this.unsettledCount === 0);
  }

  /**
   * Refuses new jobs.
   *
   * @param pending whether the waiting jobs are finished or settled at once
   */
  close(pending: 'finish' | 'abort'): void {
    this.isClosed = true;
    if (pending === 'abort')
      this.settleQueue((job) => settleUnsent(job, new SlaveExitedError('The workpool', { mayHaveExecuted: false }), this.members));
    this.update();
  }

  /** After any change: dispatches waiting jobs, refills from the sources, resolves `drain()` and the like. */
  update(): void {
    this.mustUpdate = true;
    // Reentrant: a job that is settled at once and a source that submits one call it again.
    if (this.isUpdating) return;
    this.isUpdating = true;
    while (this.mustUpdate) {
      this.mustUpdate = false;
      this.members.removeEnded();
      this.checkMembers();
      this.dispatch();
      if (this.queue.size > 0 && !this.isClosed) this.events.onShortage(this.waiting - this.members.reserve);
      for (const source of this.sources) source.refill();
    }
    this.isUpdating = false;
    this.waiters.check();
  }

  private dispatch(): void {
    const { queue } = this;
    while (queue.size > 0) {
      const member = this.pick((slave, isAhead) => {
        const job = queue.firstFor(slave);
        return job !== undefined && (!isAhead || job.mayBeAhead);
      });
      const job = member === undefined ? undefined : queue.firstFor(member.slave);
      if (member === undefined || job === undefined) return;
      this.start(job, member);
    }
  }

  /** The member that could take such a job at once. @param job given when it may get it ahead, too */
  private pickFor({ key }: JobSpec, job?: Job): Member | undefined {
    const suits = (isAhead: boolean): boolean => !isAhead || (job?.mayBeAhead === true && this.waiting < this.limits.maxQueue);
    if (key === undefined) return this.pick((_, isAhead) => suits(isAhead));
    if (this.queue.has(key)) return undefined;
    const owner = this.members.slaveOf(key);
    return this.pick((slave, isAhead) => slave === owner && suits(isAhead));
  }

  /** Waits for a full member while a running job may make room; otherwise its refusal is the answer. */
  private pick(hasWork: (slave: SlaveHandle, isAhead: boolean) => boolean): Member | undefined {
    return this.members.pick(hasWork, this.sent.count === 0);
  }

  private start(job: Job, member: Member): void {
    const isAhead = !this.members.isFree(member);
    let isSettled = false;
    const settle = (): void => {
      if (!isSettled) this.unsettledCount--;
      isSettled = true;
    };
    this.queue.begin(job);
    job.disarmLimits();
    this.unsettledCount++;
    this.sent.add(member, job.priority);
    job.send(
      member.slave,
      (response) => {
        settle();
        this.handle(job, response);
      },
      {
        // A stream that is read item by item has no response until somebody asks for it, and its slave may never answer its reader's leaving.
        ended: () => {
          settle();
          if (this.waiters.areWaiting) this.update();
        },
        released: () => {
          this.sent.finish(member);
          this.queue.end(job);
          this.update();
        },
        handedAhead: isAhead ? this.handAhead(job, member, settle) : undefined,
      },
    );
  }

  private handAhead(job: Job, member: Member, settle: () => void): HandedAheadCall {
    const takenBack = (): void => {
      settle();
      job.takenBack();
      this.sent.takenBack(member);
      this.queue.putBack(job);
      this.armLimits(job);
    };
    return { limit: this.limits.concurrency, priority: job.priority, takenBack };
  }

  private handle(job: Job, response: Response): void {
    const hasOthersThan = (slaves: readonly SlaveHandle[]): boolean => job.spec.key === undefined && this.members.hasOthersThan(slaves);
    const step = nextStep(job, response, hasOthersThan);
    if (!response.ok && (step === 'retry' || step === 'move')) {
      job.defer(response, step);
      this.enqueue(job);
    } else {
      job.settle(step === 'settle earlier' ? (job.lastFailure ?? response) : response);
      if (this.sources.size > 0 || this.waiters.areWaiting) this.update();
    }
  }

  private enqueue(job: Job): void {
    this.queue.add(job);
    this.armLimits(job);
    this.checkMembers();
  }

  private armLimits(job: Job): void {
    job.armLimits((error) => {
      this.settleWaiting(job, () => settleUnsent(job, error, this.members));
      this.update();
    });
  }

  private settleWaiting(job: Job, settle: (job: Job) => void): void {
    this.queue.remove(job);
    job.disarmLimits();
    settle(job);
  }

  /** Settles the queue when nobody can execute it: an empty pool keeps it for `refillTimeout`. */
  private checkMembers(): void {
    const { members, queue, refill } = this;
    const { suspended } = members;
    if (suspended !== undefined) this.settleQueue((job) => refuse(job, suspended));
    if (members.size > 0) return refill.reset();
    if (queue.size === 0) return refill.stop();
    // A program that has ended its slaves itself is not kept alive.
    refill.start(!(members.lastDropped?.refusal instanceof SlaveExitedError));
    if (this.isClosed || refill.isOver) this.settleQueue((job) => rejectNoMembers(job, members));
  }

  private settleQueue(settle: (job: Job) => void): void {
    for (let job = this.queue.first; job !== undefined; job = this.queue.first) this.settleWaiting(job, settle);
  }
}
