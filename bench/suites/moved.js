// Buffers of 16 MB go to a thread, copied or moved; the thread answers with their lengths.
const { strictEqual } = require('node:assert');
const { BUFFERS } = require('../connections');
const { inTurn } = require('../measure');
const { pinned } = require('../pin');

const LENGTH = 16 * 2 ** 20;
const COUNT = 16;

/** Answers a second. The buffers are made before, since that takes as long as a copy. */
async function perSecond({ do: ask }) {
  const buffers = Array.from({ length: COUNT }, () => new ArrayBuffer(LENGTH));
  const began = performance.now();
  for (const length of await Promise.all(buffers.map(ask))) strictEqual(length, LENGTH);
  return (COUNT / (performance.now() - began)) * 1000;
}

async function* moved({ rounds }) {
  const started = {};
  for (const [name, { start }] of Object.entries(BUFFERS)) started[name] = await pinned(1, start);
  await inTurn(started, 1, perSecond);
  yield { name: '16 buffers of 16 MB at once', unit: 'answers a second', figures: await inTurn(started, rounds, perSecond) };
  for (const { end } of Object.values(started)) await end();
}

module.exports = { contestants: BUFFERS, moved };
