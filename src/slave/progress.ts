import { PayloadTooLargeError } from '../errors';
import { PROGRESS_WINDOW } from '../protocol/messages';
import { pack, unpack } from '../protocol/values';

/**
 * In ms: as long as a task keeps its thread busy, it cannot hear that the caller keeps up. Once in this time it says a word all the
 * same, so that a progress bar goes on moving.
 */
const INTERVAL = 100;

/** What a task tells on its way: each word while the caller keeps up, else only the last one. */
export class ProgressSender {
  private credit = PROGRESS_WINDOW;
  private last: { value: unknown } | undefined;
  private lastSent = 0;

  constructor(private readonly send: (value: unknown) => void) {}

  tell(value: unknown): void {
    if (this.credit > 0 || performance.now() - this.lastSent >= INTERVAL) this.say(value);
    else this.hold(value);
  }

  /** The caller has heard so many. */
  grant(count: number): void {
    this.credit += count;
    if (this.credit > 0) this.flush();
  }

  /** Sends what was held back: the last word comes before the result. */
  flush(): void {
    const { last } = this;
    if (last === undefined) return;
    this.last = undefined;
    try {
      this.say(last.value);
    } catch (error) {
      // The task that has told it can no longer be told so.
      if (!(error instanceof PayloadTooLargeError)) throw error;
    }
  }

  private say(value: unknown): void {
    this.send(value);
    this.last = undefined;
    this.credit--;
    this.lastSent = performance.now();
  }

  /** A copy is kept: what cannot travel is refused here, where the task hears of it, and what it changes later stays its own. */
  private hold(value: unknown): void {
    const blobs: Uint8Array[] = [];
    this.last = unpack(pack({ value }, blobs), blobs) as { value: unknown };
  }
}
