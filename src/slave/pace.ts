/** The share of the last task in the average. */
const WEIGHT = 1 / 8;

/** The moving average of the running time of tasks. */
export class Pace {
  private mean: number | undefined;
  private reported = Infinity;

  /** @param duration of a task, in ms @returns the average, if it has changed by a factor of 2 since it was returned last */
  add(duration: number): number | undefined {
    this.mean = this.mean === undefined ? duration : this.mean + (duration - this.mean) * WEIGHT;
    if (this.mean < 2 * this.reported && this.mean > this.reported / 2) return undefined;
    return (this.reported = this.mean);
  }
}
