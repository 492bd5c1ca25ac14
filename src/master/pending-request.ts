import { performance } from 'node:perf_hooks';
import { DistIOError, SlaveDiedError } from '../errors';
import type { Metadata } from './metadata';
import type { Settleable } from './pending-requests';
import { createResponse, type Response } from './response';
import type { SlaveHandle } from './slave-handle';

const { timeOrigin } = performance;

/** In ms since 1970, with fractions. */
const now = () => timeOrigin + performance.now();

/** One call of `exec`, until its promise settles: with the first answer, unless that is an error and there are tries left. */
export class PendingRequest implements Settleable {
  private readonly sent = now();

  constructor(
    private readonly slave: SlaveHandle,
    readonly task: string,
    readonly data: unknown,
    readonly metadata: Metadata | undefined,
    /** In ms, for all tries together. */
    readonly timeout: number,
    /** What `timeout` is all or the rest of: what the caller was told. */
    readonly whole: number,
    private readonly resolve: (response: Response) => void,
    /** Takes the errors when they are to reject. */
    private readonly reject: ((error: Error) => void) | undefined,
    /** Which try this is. */
    public attempt: number,
    private readonly lastAttempt: number,
  ) {}

  /** How much of its time is left, in ms. */
  get timeLeft(): number {
    return this.timeout === Infinity ? Infinity : Math.max(1, this.sent + this.timeout - now());
  }

  settle(error: Error | null, value: unknown): void {
    if (error !== null && this.attempt < this.lastAttempt && isRetryable(error) && this.slave.takesWork) {
      this.attempt++;
      this.slave.submit(this);
      return;
    }
    const response = createResponse(this.slave, this.task, this.sent, now(), error, value, this.attempt);
    this.slave.settled(response);
    if (error !== null && this.reject !== undefined) this.reject(error);
    else this.resolve(response);
  }
}

/** Whether another try may go better: when the task threw, or the slave died. What dist-io refused it would refuse again. */
export function isRetryable(error: Error): boolean {
  return !(error instanceof DistIOError) || error instanceof SlaveDiedError;
}
