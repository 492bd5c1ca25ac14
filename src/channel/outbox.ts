import { performance } from 'node:perf_hooks';
import { type Batch, BatchWriter } from '../protocol/batch';
import type { ToMaster, ToSlave } from '../protocol/messages';

/** Beyond this many bytes, a batch does not wait for the end of the tick. */
export const LARGE_BATCH = 1024 * 1024;

/** In ms. A message that comes this long after the last delivery is delivered at once. */
const QUIET = 2;

/**
 * Gathers the messages of one tick into one batch.
 *
 * The first message after a pause goes out at once: alone it gains nothing by waiting, and when a task keeps the thread
 * busy, the answers of those before it must not wait for it.
 */
export class Outbox {
  private readonly writer: BatchWriter;
  private scheduled = false;
  private lastDelivery = 0;

  constructor(
    maxPayload: number,
    private readonly deliver: (batch: Batch) => void,
  ) {
    this.writer = new BatchWriter(maxPayload);
  }

  send(message: ToSlave | ToMaster): void {
    if (this.writer.size > LARGE_BATCH) this.flush();
    this.writer.add(message);
    if (performance.now() - this.lastDelivery > QUIET) this.flush();
    else if (!this.scheduled) {
      this.scheduled = true;
      process.nextTick(this.tick);
    }
  }

  flush(): void {
    if (this.writer.size === 0) return;
    this.lastDelivery = performance.now();
    this.deliver(this.writer.take());
  }

  private readonly tick = (): void => {
    this.scheduled = false;
    this.flush();
  };
}
