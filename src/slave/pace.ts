/** The share of the last task in the average. */
const WEIGHT = 1 / 8;

/** In ms: shorter tasks are not all measured. */
const SHORT = 0.02;

/** Of short tasks, one in this number is measured. */
const SAMPLE = 8;

/** The moving average of the running time of tasks. */
export class Pace {
  /** In ms; undefined until a task has ended. */
  mean: number | undefined;
  private reported = Infinity;
  private tasks = 0;

  /** Whether the tasks are so short that to read the clock, or to send each answer on its own, costs more than they. */
  get isShort(): boolean {
    return this.mean !== undefined && this.mean < SHORT;
  }

  /** Whether the next task is to be measured. */
  get isDue(): boolean {
    return !this.isShort || ++this.tasks % SAMPLE === 0;
  }

  /** @param duration of a task, in ms @returns whether the average has changed by a factor of 2 since this was true */
  add(duration: number): boolean {
    this.mean = this.mean === undefined ? duration : this.mean + (duration - this.mean) * WEIGHT;
    const hasChanged = this.mean >= 2 * this.reported || this.mean <= this.reported / 2;
    if (hasChanged) this.reported = this.mean;
    return hasChanged;
  }
}
