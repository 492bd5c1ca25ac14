import { PayloadTooLargeError } from '../errors';
import { PROGRESS_WINDOW } from '../protocol/messages';
import { Snapshot } from '../protocol/snapshot';
import { performance } from '../performance';

/**
 * In ms: as long as a task keeps its thread busy, it cannot hear that the caller keeps up. Once in this time it says a word all the
 * same, so that a progress bar goes on moving.
 */
const INTERVAL = 100;

/** What a task tells on its way: each word while the caller keeps up, else only the last one. */
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
    // A copy: what the task changes later stays its own, and what cannot travel is refused now, where the task hears of it.
    else this.heldBack = { value: new Snapshot(value, this.maxPayload).value };
  }

  /** The caller has heard so many. */
  grant(count: number): void {
    this.credit += count;
    if (this.credit > 0) this.flush();
  }

  /** Sends what was held back: the last word comes before the result. */
  flush(): void {
    const { heldBack: last } = this;
    if (last === undefined) return;
    this.heldBack = undefined;
    try {
      this.send(last.value);
    } catch (error) {
      // The task that has told it can no longer be told so.
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
