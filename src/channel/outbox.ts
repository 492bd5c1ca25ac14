import type { Batch } from '../protocol/batch';
import { BatchWriter, type SendOptions } from '../protocol/batch-writer';
import type { ToMaster, ToSlave } from '../protocol/messages';
import { nextTick } from '../platform';

/** In bytes: a larger batch is sent before the tick ends. */
export const LARGE_BATCH = 1024 * 1024;

/** Collects the messages of one tick into one batch. */
export class Outbox {
  private readonly writer: BatchWriter;
  private scheduled = false;

  /** @param sharesProcess see {@link BatchWriter} */
  constructor(
    maxPayload: number,
    private readonly deliver: (batch: Batch) => void,
    sharesProcess: boolean,
  ) {
    this.writer = new BatchWriter(maxPayload, sharesProcess);
  }

  /** @returns the approximate size of the message, in bytes */
  send(message: ToSlave | ToMaster, options?: SendOptions): number {
    if (this.writer.size > LARGE_BATCH) this.flush();
    const before = this.writer.size;
    this.writer.add(message, options);
    // Runs after the promise jobs of this tick, so that their messages are in the batch too.
    if (!this.scheduled) nextTick(this.tick);
    this.scheduled = true;
    return this.writer.size - before;
  }

  setMaxPayload(maxPayload: number): void {
    this.writer.maxPayload = maxPayload;
  }

  flush(): void {
    if (this.writer.size > 0) this.deliver(this.writer.flush());
  }

  private readonly tick = (): void => {
    this.scheduled = false;
    this.flush();
  };
}
