import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import { Master } from 'dist-io';
import type { Tasks } from './primes.js';

const slave = Master.createSlave<Tasks>(new URL('./primes.js', import.meta.url));

after(() => slave.exit());

test('counts the primes of a range', async () => {
  const response = await slave.exec('count primes', { from: 0, to: 100 });
  assert.equal(response.error, null);
  assert.equal(response.value, 25);
});

test('refuses a range that ends before it begins', async () => {
  const response = await slave.exec('count primes', { from: 100, to: 0 });
  assert.ok(response.error instanceof RangeError);
});
