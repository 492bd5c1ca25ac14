import { TimeoutError } from '../errors';
import { PendingRequests, type Settleable } from './pending-requests';

const ignore = (): void => undefined;

/**
 * Requests of one kind, such as pings, that the slave answers without a task. They do not count as load: a pending one does not make the
 * slave busy.
 */
export class ControlRequests<Answer extends { id: number }> {
  private readonly pending: PendingRequests<Settleable>;

  /**
   * @param kind what messages call it
   * @param onBusyChange called when the first one has come, or the last one has gone
   */
  constructor(
    private readonly kind: string,
    private readonly slave: { readonly label: string; readonly isReady: boolean },
    onBusyChange: () => void,
  ) {
    this.pending = new PendingRequests({ onBusyChange, onCancelled: ignore, onGivingUp: ignore, onGraceExpired: ignore });
  }

  /** Whether one is pending. */
  get isBusy(): boolean {
    return this.pending.size > 0;
  }

  /**
   * @param send sends the request
   * @param timeout in ms
   * @throws TimeoutError or the error of `settleAll`, as a rejection
   */
  send(send: (id: number) => void, timeout: number): Promise<Answer> {
    return new Promise((resolve, reject) => {
      const settle = (error: Error | null, answer: unknown): void => (error === null ? resolve(answer as Answer) : reject(error));
      const id = this.pending.add({ task: this.kind, settle });
      this.pending.sent(id);
      send(id);
      const timedOut = () => new TimeoutError(this.kind, this.slave.label, timeout, this.slave.isReady ? 'running' : 'loading');
      this.pending.limit(id, { timeout, timedOut, signal: undefined });
    });
  }

  settle(answer: Answer): void {
    this.pending.answer(answer.id, null, answer);
  }

  /** The slave has ended. */
  settleAll(error: () => Error): void {
    this.pending.settleAll(error);
  }
}
