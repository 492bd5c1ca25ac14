import { startTimer } from '../../requests/start-timer';
import { clearTimeout } from '../../platform';

/** The time in which the jobs of an empty pool wait for a new member. */
export class Refill {
  /** Whether nobody has joined in this time. */
  isOver = false;
  private timer: NodeJS.Timeout | undefined;

  /** @param timeout in ms */
  constructor(
    private readonly timeout: number,
    private readonly onOver: () => void,
  ) {}

  /** Jobs wait, and the pool is empty. @param keepsAlive whether the program stays alive for them */
  start(keepsAlive: boolean): void {
    if (this.timeout === 0) this.isOver = true;
    if (this.isOver || this.timer !== undefined) return;
    this.timer = startTimer(this.timeout, () => {
      this.stop();
      this.isOver = true;
      this.onOver();
    });
    if (!keepsAlive) this.timer?.unref();
  }

  /** No job waits. */
  stop(): void {
    clearTimeout(this.timer);
    this.timer = undefined;
  }

  /** The pool is not empty. */
  reset(): void {
    this.isOver = false;
    this.stop();
  }
}
