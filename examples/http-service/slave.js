const { setImmediate } = require('node:timers/promises');
const slave = require('dist-io').Slave;

/** The numbers that are tested in one turn of the event loop: in between, an abort arrives. */
const SLICE = 10_000;

// It only computes, so that it may run again when its slave has died.
slave.task('count primes', { idempotent: true, retries: 5 }, async (limit) => {
  if (!Number.isSafeInteger(limit) || limit < 0) throw new RangeError('below must be a whole number, zero or more.');
  const { signal } = slave.context();
  let count = 0;
  for (let n = 2; n < limit; n++) {
    if (isPrime(n)) count++;
    if (n % SLICE === 0) await setImmediate(undefined, { signal });
  }
  return count;
});

function isPrime(n) {
  for (let i = 2; i * i <= n; i++) if (n % i === 0) return false;
  return true;
}
