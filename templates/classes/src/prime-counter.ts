import { type Done, Task, type TaskContext } from 'dist-io';

export interface Range {
  from: number;
  to: number;
}

/** The slaves' class. A slave that runs this file offers the methods marked with `@Task` as tasks. */
export class PrimeCounter {
  @Task()
  count({ from, to }: Range): number {
    if (from > to) throw new RangeError(`from (${from}) is greater than to (${to})`);
    let count = 0;
    for (let n = from; n < to; n++) if (this.isPrime(n)) count++;
    return count;
  }

  /** Streams the primes one by one, until the reader stops. */
  @Task()
  *list({ from, to }: Range, _: Done, { progress }: TaskContext<number>): Generator<number> {
    for (let n = from; n < to; n++) {
      if (n % 1000 === 0) progress(n);
      if (this.isPrime(n)) yield n;
    }
  }

  private isPrime(n: number): boolean {
    if (n < 2) return false;
    for (let divisor = 2; divisor * divisor <= n; divisor++) if (n % divisor === 0) return false;
    return true;
  }
}
