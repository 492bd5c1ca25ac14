const { createHash } = require('node:crypto');
const { setImmediate } = require('node:timers/promises');
const slave = require('dist-io').Slave;

const hashOf = (key) => createHash('sha256').update(key).digest('hex');

/** How often the search yields to the event loop, in ms. */
const YIELD_INTERVAL = 20;

slave
  .task('hash', (key) => hashOf(key))
  /** Tries every number of `digits` digits. */
  .task('search', async ({ hash, digits }) => {
    const { progress, signal } = slave.context();
    let lastYield = Date.now();
    for (let n = 0; n < 10 ** digits; n++) {
      const key = String(n).padStart(digits, '0');
      if (hashOf(key) === hash) return key;
      if (Date.now() - lastYield < YIELD_INTERVAL) continue;
      progress(n);
      await setImmediate(); // yields to the event loop, so that a cancellation can arrive
      signal.throwIfAborted();
      lastYield = Date.now();
    }
    return null;
  })
  /** The same without yielding: a cancellation cannot arrive. */
  .task('search like mad', ({ hash, digits }) => {
    for (let n = 0; n < 10 ** digits; n++) {
      const key = String(n).padStart(digits, '0');
      if (hashOf(key) === hash) return key;
    }
    return null;
  });
