import type { SlaveHandle } from '../../handles/slave-handle';
import { performance } from '../../performance';
import { clearTimeout } from '../../platform';
import { startTimer } from '../../requests/start-timer';
import type { Members } from './workpool-members';

/** The least and the largest number of slaves of a pool. */
export interface PoolSize {
  /** The number of slaves that the pool always has: a whole number, zero or more. Default: 0. */
  readonly min?: number;
  /** The largest number of slaves: a whole number of at least 1. Default: the number of cores that the program may use. */
  readonly max?: number;
}

/** How a pool grows and shrinks. */
export interface Scaling extends Required<PoolSize> {
  /** In ms: how long a slave is idle before it is ended. */
  readonly idleTimeout: number;
  /** Creates slaves, which then join the pool. */
  readonly create: (count: number) => readonly SlaveHandle[];
}

/** A member that has been idle for some time. */
interface Idle {
  /** By `performance.now()`. */
  readonly since: number;
  /** The number of its last job at that time. */
  readonly lastPicked: number;
}

/** How often members are looked at while they are idle, in each `idleTimeout`. */
const CHECKS = 4;

/** Adds slaves to a pool while jobs wait, and ends those that are idle. */
export class PoolScaler {
  private timer: NodeJS.Timeout | undefined;
  private readonly idle = new WeakMap<SlaveHandle, Idle>();

  constructor(
    private readonly scaling: Scaling,
    private readonly members: Members,
  ) {}

  /** Returns the slaves to add. @param jobs number of jobs without a free slot */
  grow(jobs: number): readonly SlaveHandle[] {
    const { max, create } = this.scaling;
    const count = Math.min(max - this.members.kept.length, Math.ceil(jobs / this.members.concurrency));
    if (count <= 0) return [];
    const slaves = create(count);
    this.timer ??= this.startTimer();
    return slaves;
  }

  /** The pool is ending. */
  stop(): void {
    clearTimeout(this.timer);
  }

  private startTimer(): NodeJS.Timeout | undefined {
    return startTimer(this.scaling.idleTimeout / CHECKS, () => this.shrink())?.unref();
  }

  /** Ends the slaves that have had no job for `idleTimeout`. */
  private shrink(): void {
    const { min, idleTimeout } = this.scaling;
    let size = this.members.kept.length;
    const now = performance.now();
    for (const { slave, running, lastPicked } of this.members) {
      if (size <= min) break;
      const idle = this.idle.get(slave);
      if (running > 0 || !slave.isIdle || !slave.isReady || idle?.lastPicked !== lastPicked)
        this.idle.set(slave, { since: now, lastPicked });
      else if (now - idle.since >= idleTimeout) {
        void slave.exit();
        size--;
      }
    }
    this.timer = size > min ? this.startTimer() : undefined;
  }
}
