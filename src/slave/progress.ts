import { PROGRESS_WINDOW } from '../protocol/messages';

/** What a task tells on its way: each word while the caller keeps up, else only the last one. */
export class ProgressSender {
  private credit = PROGRESS_WINDOW;
  private last: { value: unknown } | undefined;

  /** @param snapshot makes a copy of what has to wait; throws when it cannot travel */
  constructor(
    private readonly send: (value: unknown) => void,
    private readonly snapshot: (value: unknown) => unknown,
  ) {}

  /** @throws SerializationError, PayloadTooLargeError */
  tell(value: unknown): void {
    if (this.credit > 0) {
      this.send(value);
      this.credit--;
    } else this.last = { value: this.snapshot(value) };
  }

  /** The caller has heard so many. */
  grant(count: number): void {
    this.credit += count;
    this.flush();
  }

  /** Sends what was held back: the last word comes before the result. */
  flush(): void {
    const { last } = this;
    if (last === undefined) return;
    this.last = undefined;
    this.credit--;
    this.send(last.value);
  }
}
