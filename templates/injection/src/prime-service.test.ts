import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import { createContainer } from './container.js';
import { PrimeService } from './prime-service.js';

const container = createContainer();

after(() => container.unbindAllAsync());

test('counts the primes below a limit, on all slaves', async () => {
  assert.equal(await container.get(PrimeService).countBelow(1000), 168);
});

test('uses the injected counter', async () => {
  const service = new PrimeService({ count: async () => 1 });
  assert.equal(await service.countBelow(1000), 20);
});
