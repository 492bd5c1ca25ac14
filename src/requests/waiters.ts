/** Promises that resolve once a condition holds. */
export class Waiters {
  private waiters: { readonly isOver: () => boolean; readonly resolve: () => void }[] = [];

  get areWaiting(): boolean {
    return this.waiters.length > 0;
  }

  wait(isOver: () => boolean): Promise<void> {
    return new Promise((resolve) => {
      this.waiters.push({ isOver, resolve });
      this.check();
    });
  }

  /** Called when a condition may have come true. */
  check(): void {
    if (this.waiters.length === 0) return;
    const over = this.waiters.filter(({ isOver }) => isOver());
    this.waiters = this.waiters.filter((waiter) => !over.includes(waiter));
    for (const { resolve } of over) resolve();
  }
}
