import { setTimeout } from '../../platform';

/** In ms: the pause between two tries. */
const PAUSE = 500;

/** The errors of NATS when nobody has answered: the server is away, or its JetStream is not ready yet. */
const UNANSWERED = new Set(['TimeoutError', 'NoResponders', 'RequestError', 'JetStreamNotEnabled']);

/** JetStream's code for a cluster that has no leader at the moment. */
const NO_LEADER = 10008;

/** Whether the server has not answered, so that another try may succeed. */
export function isUnanswered(error: unknown): boolean {
  const { name, code } = error as { name?: string; code?: number };
  return UNANSWERED.has(name ?? '') || code === NO_LEADER;
}

/** Calls a function until it succeeds. @param mayRetry is asked after each failure, with the number of tries so far */
export async function retried<Result>(call: () => Promise<Result>, mayRetry: (error: unknown, tries: number) => boolean): Promise<Result> {
  for (let tries = 1; ; tries++) {
    try {
      return await call();
    } catch (error) {
      if (!mayRetry(error, tries)) throw error;
      await pause(PAUSE);
    }
  }
}

/** @param ms the connection keeps the program alive, not this */
export function pause(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms).unref());
}
