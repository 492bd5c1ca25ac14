import { TimeoutError } from '../errors';
import { PendingRequests } from './pending-requests';

const ignore = (): void => undefined;

/**
 * The questions of one kind to a slave, such as whether it is there, which dist-io answers in it and no task. They are no requests: one
 * that waits for its answer does not make the slave busy.
 */
export class ControlRequests<Answer extends { id: number }> {
  private readonly pending = new PendingRequests({ onBusyChange: ignore, onCancelled: ignore, onGraceExpired: ignore });

  /** @param kind what messages call it */
  constructor(
    private readonly kind: string,
    private readonly slave: { readonly label: string; readonly isReady: boolean },
  ) {}

  /** @param send asks it @param timeout in ms @throws TimeoutError and what `end` makes, as a rejection */
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
