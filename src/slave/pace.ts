/** The share of the last task in the average. */
const WEIGHT = 1 / 8;

/** The moving average of the running time of tasks. */
export class Pace {
  /** In ms; undefined until a task has ended. */
  mean: number | undefined;
  private reported = Infinity;

  /** @param duration of a task, in ms @returns whether the average has changed by a factor of 2 since this was true */
  add(duration: number): boolean {
    this.mean = this.mean === undefined ? duration : this.mean + (duration - this.mean) * WEIGHT;
    const hasChanged = this.mean >= 2 * this.reported || this.mean <= this.reported / 2;
    if (hasChanged) this.reported = this.mean;
    return hasChanged;
  }
}
