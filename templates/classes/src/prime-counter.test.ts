import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import { Master } from 'dist-io';
import { PrimeCounter } from './prime-counter.js';

const slave = Master.createSlave(new URL('./prime-counter.js', import.meta.url));
const counter = slave.as<PrimeCounter>();

after(() => slave.exit());

test('counts the primes of a range, as a plain class', () => {
  assert.equal(new PrimeCounter().count({ from: 0, to: 100 }), 25);
});

test('counts the primes of a range, in a slave', async () => {
  assert.equal(await counter.count({ from: 0, to: 100 }), 25);
});

test('refuses a range that ends before it begins', async () => {
  await assert.rejects(counter.count({ from: 100, to: 0 }), RangeError);
});
