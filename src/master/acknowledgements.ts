import { performance } from 'node:perf_hooks';
import { TimeoutError } from '../errors';
import type { Alive } from '../protocol/messages';
import { PendingRequests } from './pending-requests';

/** The answer to `slave.ack()`. */
export interface Acknowledgement {
  /** How long it took to ask and be answered, in ms: a slave that is busy answers late. */
  readonly roundTrip: number;
  /** How long the slave has been ready, in ms. */
  readonly uptime: number;
  /** The memory of its process, in bytes, as `process.memoryUsage()` gives it: of a thread, `rss` is the master's. */
  readonly memory: Readonly<NodeJS.MemoryUsage>;
}

const nothing = (): void => undefined;

/** The questions whether a slave is there. They are no requests: one that waits for its answer does not make the slave busy. */
export class Acknowledgements {
  private readonly waiting = new PendingRequests({ turned: nothing, givenUp: nothing, ignored: nothing });

  constructor(
    private readonly slave: string,
    private readonly ask: (id: number) => void,
  ) {}

  /** @param timeout in ms */
  request(timeout: number): Promise<Acknowledgement> {
    const asked = performance.now();
    return new Promise((resolve, reject) => {
      const settle = (error: Error | null, answer: unknown): void => {
        if (error !== null) return reject(error);
        const { uptime, memory } = answer as Alive;
        resolve({ roundTrip: performance.now() - asked, uptime, memory: memory as unknown as NodeJS.MemoryUsage });
      };
      const id = this.waiting.add({ task: 'ack', settle });
      this.ask(id);
      this.waiting.sent(id);
      this.waiting.limit(id, { timeout, timedOut: () => new TimeoutError('ack', this.slave, timeout), signal: undefined });
    });
  }

  answer(answer: Alive): void {
    this.waiting.answer(answer.id, null, answer);
  }

  /** The slave has ended. */
  end(error: () => Error): void {
    this.waiting.settleAll(error);
  }
}
