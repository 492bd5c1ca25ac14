const { createHash } = require('node:crypto');
const { setImmediate } = require('node:timers/promises');
const slave = require('dist-io').Slave;

const hashOf = (key) => createHash('sha256').update(key).digest('hex');

/** How often it looks up from its work, in ms. */
const PATIENCE = 20;

slave
  .task('hash', (key) => hashOf(key))
  /** Tries every number of so many digits. */
  .task('search', async ({ hash, digits }) => {
    const { progress, signal } = slave.context();
    let lookedUp = Date.now();
    for (let n = 0; n < 10 ** digits; n++) {
      const key = String(n).padStart(digits, '0');
      if (hashOf(key) === hash) return key;
      if (Date.now() - lookedUp < PATIENCE) continue;
      progress(n);
      await setImmediate(); // lets go of the thread, so that a cancellation can be heard
      signal.throwIfAborted();
      lookedUp = Date.now();
    }
    return null;
  })
  /** The same by somebody who does not think of others. */
  .task('search like mad', ({ hash, digits }) => {
    for (let n = 0; n < 10 ** digits; n++) {
      const key = String(n).padStart(digits, '0');
      if (hashOf(key) === hash) return key;
    }
    return null;
  });
