import { AsyncLocalStorage } from 'node:async_hooks';
import type { TracingChannel } from 'node:diagnostics_channel';

/** The outcome of a call, added to its message once the call is settled. */
export interface Settled {
  result?: unknown;
  error?: unknown;
}

/**
 * Publishes a call to a tracing channel of Node. The events have the same meaning as those of `TracingChannel.tracePromise`, which is not
 * used since a promise for each request would cost more than the events.
 */
export class TracedCall<Message extends Settled> {
  /** Calls back in the async context of the start. */
  private scope: (<Result>(callback: () => Result) => Result) | undefined;

  constructor(
    private readonly channel: TracingChannel<unknown, Message>,
    private readonly message: Message,
  ) {}

  /** Runs the synchronous part, between `start` and `end` and with the stores that are bound to `start`. */
  start<Result>(call: () => Result): Result {
    const { channel, message } = this;
    return channel.start.runStores(message, () => {
      this.scope = AsyncLocalStorage.snapshot();
      try {
        return call();
      } finally {
        channel.end.publish(message);
      }
    });
  }

  /** Runs a later part, with the same stores. */
  within<Result>(call: () => Result): Result {
    return this.scope === undefined ? call() : this.scope(call);
  }

  /** Publishes `error` if the call has failed, then `asyncStart` and `asyncEnd`. */
  settle(outcome: Settled): void {
    const { channel, message } = this;
    Object.assign(message, outcome);
    this.within(() => {
      if ('error' in outcome) channel.error.publish(message);
      channel.asyncStart.publish(message);
      channel.asyncEnd.publish(message);
    });
  }
}
