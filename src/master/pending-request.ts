import { performance } from 'node:perf_hooks';
import type { Settleable } from './pending-requests';
import { createResponse, type Response } from './response';
import type { SlaveHandle } from './slave-handle';

const { timeOrigin } = performance;

/** In ms since 1970, with fractions. */
const now = () => timeOrigin + performance.now();

/** One call of `exec`, until its promise settles. */
export class PendingRequest implements Settleable {
  private readonly sent = now();

  constructor(
    private readonly slave: SlaveHandle,
    readonly task: string,
    private readonly resolve: (response: Response) => void,
    /** Takes the errors when they are to reject. */
    private readonly reject: ((error: Error) => void) | undefined,
  ) {}

  settle(error: Error | null, value: unknown): void {
    const response = createResponse(this.slave, this.task, this.sent, now(), error, value);
    this.slave.settled(response);
    if (error !== null && this.reject !== undefined) this.reject(error);
    else this.resolve(response);
  }
}
