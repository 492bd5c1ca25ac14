import { TimeoutError } from '../errors';
import { PendingRequests } from './pending-requests';

const nothing = (): void => undefined;

/**
 * The questions of one kind to a slave, such as whether it is there, which dist-io answers in it and no task. They are no requests: one
 * that waits for its answer does not make the slave busy.
 */
export class Questions<Answer extends { id: number }> {
  private readonly waiting = new PendingRequests({ turned: nothing, givenUp: nothing, ignored: nothing });

  /** @param kind what messages call it */
  constructor(
    private readonly kind: string,
    private readonly slave: { readonly name: string },
  ) {}

  /** @param send asks it @param timeout in ms @throws TimeoutError and what `end` makes, as a rejection */
  ask(send: (id: number) => void, timeout: number): Promise<Answer> {
    return new Promise((resolve, reject) => {
      const settle = (error: Error | null, answer: unknown): void => (error === null ? resolve(answer as Answer) : reject(error));
      const id = this.waiting.add({ task: this.kind, settle });
      this.waiting.sent(id);
      send(id);
      this.waiting.limit(id, { timeout, timedOut: () => new TimeoutError(this.kind, this.slave.name, timeout), signal: undefined });
    });
  }

  answer(answer: Answer): void {
    this.waiting.answer(answer.id, null, answer);
  }

  /** The slave has ended. */
  end(error: () => Error): void {
    this.waiting.settleAll(error);
  }
}
