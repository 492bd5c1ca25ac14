import assert from 'node:assert/strict';
import { after, describe, test } from 'node:test';
import { Master } from 'dist-io';
import { PrimeCounter } from './prime-counter.js';

test('counts the primes of a range, as a plain class', () => {
  assert.equal(new PrimeCounter().count({ from: 0, to: 100 }), 25);
});

// An inline slave runs in this process, so that a debugger sees it; a slave process is tested as it runs in production.
for (const runtime of ['inline', 'process'] as const) {
  describe(`in a slave, ${runtime}`, () => {
    const slave = Master.createSlave(new URL('./prime-counter.js', import.meta.url), { runtime });
    const counter = slave.as<PrimeCounter>();

    after(() => slave.exit());

    test('counts the primes of a range', async () => {
      assert.equal(await counter.count({ from: 0, to: 100 }), 25);
    });

    test('refuses a range that ends before it begins', async () => {
      await assert.rejects(counter.count({ from: 100, to: 0 }), RangeError);
    });

    test('lists the primes until the reader stops', async () => {
      const primes: number[] = [];
      for await (const prime of counter.list({ from: 0, to: Infinity })) {
        primes.push(prime);
        if (primes.length === 4) break;
      }
      assert.deepEqual(primes, [2, 3, 5, 7]);
    });

    test('reports progress', async () => {
      const progress: number[] = [];
      await counter.list({ from: 0, to: 3000 }, { onProgress: (n) => progress.push(n) });
      assert.deepEqual(progress, [0, 1000, 2000]);
    });
  });
}
