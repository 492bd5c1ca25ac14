// How long a pool takes for CPU-bound jobs of mixed durations. The ideal is the same work in equal shares, one job for each processor.
const { fork } = require('node:child_process');
const { once } = require('node:events');
const { availableParallelism } = require('node:os');
const { join } = require('node:path');
const { Worker } = require('node:worker_threads');
const pools = require('../pools/pools');
const { inTurn } = require('../measure');

const file = join(__dirname, '..', 'slaves', 'bare-work.js');
const processors = availableParallelism();
const JOBS = 500;

const contestants = {
  'equal shares, process': { kind: 'process', group: 'bare', start: (size) => shares(size, () => fork(file)) },
  'equal shares, thread': { kind: 'thread', group: 'bare', start: (size) => shares(size, () => new Worker(file)) },
  ...pools,
};

async function shares(size, begin) {
  const workers = Array.from({ length: size }, begin);
  await Promise.all(workers.map((worker) => once(worker, 'message')));
  const ask = (worker, job) => {
    const answered = once(worker, 'message');
    if (worker instanceof Worker) worker.postMessage(job);
    else worker.send(job);
    return answered;
  };
  return {
    share: (job) => Promise.all(workers.map((worker) => ask(worker, job))),
    end: () =>
      Promise.all(workers.map((worker) => (worker instanceof Worker ? worker.terminate() : once(worker.disconnect() ?? worker, 'exit')))),
  };
}

/** In rounds of arithmetic, from about 1 to 40 ms, short ones more often than long ones; the same in each run. */
function lengths() {
  let seed = 1;
  return Array.from({ length: JOBS }, () => {
    seed = (seed * 48271) % 2147483647;
    return Math.round(25_000 * 40 ** (seed / 2147483647));
  });
}

async function* makespan({ rounds }) {
  const all = lengths();
  const sum = all.reduce((sum, length) => sum + length, 0);
  const started = {};
  for (const [name, { start }] of Object.entries(contestants)) started[name] = await start(processors);
  const time = async ({ share, work }) => {
    const began = performance.now();
    if (share !== undefined) await share({ work: 'spin', value: Math.round(sum / processors) });
    else await Promise.all(all.map((length) => work('spin', length)));
    return performance.now() - began;
  };
  await inTurn(started, 1, async ({ share, work }) => (share === undefined ? work('spin', 1000) : share({ work: 'spin', value: 1000 })));
  const name = `${JOBS} jobs of 1 to 40 ms, ${processors} workers`;
  yield { name, unit: 'ms', isLessBetter: true, figures: await inTurn(started, Math.min(rounds, 3), time) };
  for (const { end } of Object.values(started)) await end();
}

module.exports = { contestants, makespan };
