import { PayloadTooLargeError } from '../errors';
import { PROGRESS_WINDOW } from '../protocol/messages';
import { Snapshot } from '../protocol/snapshot';
import { performance } from '../performance';

/**
 * In ms. A task that keeps its thread busy receives no credit. It may still send one update per interval, so that a progress bar keeps
 * moving.
 */
const INTERVAL = 100;

/** Sends the progress of a task: each update while the caller keeps up, else only the last one. */
export class ProgressSender {
  private credit = PROGRESS_WINDOW;
  private heldBack: { value: unknown } | undefined;
  private lastSent = 0;

  /** @param maxPayload in bytes */
  constructor(
    private readonly transmit: (value: unknown) => void,
    private readonly maxPayload: number,
  ) {}

  /** @throws SerializationError, PayloadTooLargeError */
  report(value: unknown): void {
    if (this.credit > 0 || performance.now() - this.lastSent >= INTERVAL) this.send(value);
    // A copy, so that later changes by the task are not sent, and an update that cannot be sent throws here, in the task.
    else this.heldBack = { value: new Snapshot(value, this.maxPayload).value };
  }

  /** Grants credit for `count` more updates. */
  grant(count: number): void {
    this.credit += count;
    if (this.credit > 0) this.flush();
  }

  /** Sends the update that was held back, before the result. */
  flush(): void {
    const { heldBack } = this;
    if (heldBack === undefined) return;
    this.heldBack = undefined;
    try {
      this.send(heldBack.value);
    } catch (error) {
      // Too late to throw in the task.
      if (!(error instanceof PayloadTooLargeError)) throw error;
    }
  }

  private send(value: unknown): void {
    this.transmit(value);
    this.heldBack = undefined;
    this.credit--;
    this.lastSent = performance.now();
  }
}
