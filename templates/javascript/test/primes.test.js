const assert = require('node:assert/strict');
const path = require('node:path');
const { after, test } = require('node:test');
const master = require('dist-io').Master;

const slave = master.createSlave(path.join(__dirname, '..', 'src', 'primes.js'));

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
