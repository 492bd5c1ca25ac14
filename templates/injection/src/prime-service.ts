import type { Client } from 'dist-io';
import { inject, injectable } from 'inversify';
import { PrimeCounter } from './prime-counter.js';

const PARTS = 20;

/** A service of the application. A client of the slaves is injected, so the service does not depend on their creation. */
@injectable()
export class PrimeService {
  constructor(@inject(PrimeCounter) private readonly counter: Client<PrimeCounter>) {}

  async countBelow(limit: number): Promise<number> {
    const size = limit / PARTS;
    const counts = await Promise.all(
      Array.from({ length: PARTS }, (_, i) => this.counter.count({ from: Math.ceil(i * size), to: Math.ceil((i + 1) * size) })),
    );
    return counts.reduce((sum, count) => sum + count, 0);
  }
}
