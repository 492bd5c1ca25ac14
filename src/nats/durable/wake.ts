import { clearTimeout, setTimeout } from '../../platform';

/** Lets one caller wait until it is woken, also if that happened before it began to wait. */
export class Wake {
  private isWoken = false;
  private resume: (() => void) | undefined;

  wake(): void {
    this.isWoken = true;
    this.resume?.();
  }

  /** @param longest in ms: resolves after this time in any case */
  async wait(longest: number): Promise<void> {
    if (!this.isWoken) {
      let timer: NodeJS.Timeout | undefined;
      await new Promise<void>((resolve) => {
        this.resume = resolve;
        timer = setTimeout(resolve, longest);
      });
      clearTimeout(timer);
    }
    this.isWoken = false;
  }
}
