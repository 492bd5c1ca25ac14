/** First come, first served; both ends take one step, however many wait. */
export class WaitingLine<One> {
  private waiting: (One | undefined)[] = [];
  /** Where the first one stands. */
  private at = 0;

  push(one: One): void {
    this.waiting.push(one);
  }

  shift(): One | undefined {
    const first = this.waiting[this.at];
    this.waiting[this.at] = undefined;
    if (++this.at < this.waiting.length && this.at < 1024) return first;
    // The places of those that have gone, given back now and then.
    this.waiting = this.waiting.slice(this.at);
    this.at = 0;
    return first;
  }
}
