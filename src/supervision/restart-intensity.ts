/**
 * Counts restarts in a sliding window, as the supervisors of Erlang/OTP do: https://www.erlang.org/doc/system/sup_princ.html#tuning-the-intensity-and-period
 */
export class RestartIntensity {
  private times: number[] = [];

  /** @param period in ms */
  constructor(
    private readonly intensity: number,
    private readonly period: number,
  ) {}

  /** Counts a restart. @param now in ms @returns whether there are now more than `intensity` within `period` */
  exceeds(now: number): boolean {
    this.times = this.times.filter((time) => now - time < this.period);
    this.times.push(now);
    return this.times.length > this.intensity;
  }
}
