// From the call that starts a worker to its first answer, and the memory that a worker takes.
const { execFile } = require('node:child_process');
const { existsSync } = require('node:fs');
const { promisify } = require('node:util');
const { join } = require('node:path');
const { ECHOES } = require('../connections');
const pools = require('../pools/pools');
const { inTurn } = require('../measure');

const contestants = Object.fromEntries(
  Object.entries({ ...ECHOES, ...pools }).filter(([name, { group }]) => group !== 'tuned peer' && name !== 'process.send, advanced'),
);

const run = promisify(execFile);

async function* start({ rounds, withPeers }) {
  const compared = Object.fromEntries(Object.entries(contestants).filter(([, { group }]) => withPeers || group !== 'peer'));
  const firstAnswer = async ({ start }) => {
    const began = performance.now();
    const started = await start(1);
    await started.do(1);
    const time = performance.now() - began;
    await started.end();
    return time;
  };
  await inTurn(compared, 1, firstAnswer);
  yield { name: 'first answer', unit: 'ms', isLessBetter: true, figures: await inTurn(compared, 2 * rounds, firstAnswer) };

  // Without /proc, nobody tells what a process takes.
  if (!existsSync('/proc/self/status')) return;
  const named = Object.fromEntries(Object.keys(compared).map((name) => [name, name]));
  const memory = async (name) => Number((await run(process.execPath, ['--expose-gc', join(__dirname, 'memory-of-one.js'), name])).stdout);
  yield { name: 'memory of a worker', unit: 'MB', isLessBetter: true, figures: await inTurn(named, rounds, memory) };
}

module.exports = { contestants, start };
