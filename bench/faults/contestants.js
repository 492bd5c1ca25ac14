// The pools of the fault table, each as its documentation advises. `start(size)` gives `do(job, limit)`, where `limit` in ms ends a job
// that takes too long, if the pool has a way to do so, and `end()`.
const { createRequire } = require('node:module');
const { join } = require('node:path');
const { pathToFileURL } = require('node:url');
const { Master } = require('dist-io');

const peers = createRequire(join(__dirname, '..', 'peers', 'package.json'));
const worker = (name) => join(__dirname, 'workers', `${name}.js`);

/** In MB, for the fault 'V8 heap exhausted' only: at other times a contestant has its defaults. */
const HEAP = process.env.FAULT_HEAP;
const execArgv = HEAP === undefined ? [] : [`--max-old-space-size=${HEAP}`];
const resourceLimits = HEAP === undefined ? undefined : { maxOldGenerationSizeMb: Number(HEAP) };

const signal = (limit) => (limit === undefined ? undefined : AbortSignal.timeout(limit));

function distIo(runtime) {
  const master = new Master();
  const pool = master.createPool(1, worker('dist-io'), { runtime, ...(runtime === 'process' && { execArgv }) });
  return {
    do: async (job, timeout) => (await pool.do('run', job, { timeout, cancel: 'kill', rejectOnError: true })).value,
    end: () => pool.exit(),
  };
}

function piscina() {
  const { Piscina } = peers('piscina');
  const pool = new Piscina({ filename: worker('function'), minThreads: 1, maxThreads: 1, resourceLimits });
  pool.on('error', () => undefined);
  return { do: (job, limit) => pool.run(job, { signal: signal(limit) }), end: () => pool.destroy() };
}

async function tinypool(runtime) {
  const { default: Tinypool } = await import(pathToFileURL(peers.resolve('tinypool')));
  // Processes of its own would get no environment at all.
  const pool = new Tinypool({
    filename: worker('function'),
    runtime,
    env: process.env,
    minThreads: 1,
    maxThreads: 1,
    resourceLimits,
    execArgv,
  });
  pool.on('error', () => undefined);
  return { do: (job, limit) => pool.run(job, { signal: signal(limit) }), end: () => pool.destroy() };
}

function workerpool(workerType) {
  const pool = peers('workerpool').pool(worker('workerpool'), {
    workerType,
    maxWorkers: 1,
    forkOpts: { execArgv },
    workerThreadOpts: { resourceLimits },
  });
  const run = (job, limit) => (limit === undefined ? pool.exec('run', [job]) : pool.exec('run', [job]).timeout(limit));
  return { do: async (job, limit) => run(job, limit), end: async () => pool.terminate() };
}

function jestWorker(enableWorkerThreads) {
  const { Worker } = peers('jest-worker');
  const pool = new Worker(worker('jest-worker'), {
    enableWorkerThreads,
    numWorkers: 1,
    exposedMethods: ['run'],
    forkOptions: { execArgv },
    resourceLimits,
  });
  // It has no time limit for a job.
  return { do: (job) => pool.run(job), end: () => pool.end() };
}

function poolifier(Pool, file, options) {
  const pool = new (peers('poolifier')[Pool])(1, worker(file), { ...options, errorHandler: () => undefined });
  return { do: (job, limit) => pool.execute(job, undefined, signal(limit)), end: () => pool.destroy() };
}

module.exports = {
  'dist-io, process': { start: () => distIo('process') },
  'tinypool, process': { start: () => tinypool('child_process') },
  'workerpool, process': { start: () => workerpool('process') },
  'jest-worker, process': { start: () => jestWorker(false) },
  'poolifier, cluster': { start: () => poolifier('FixedClusterPool', 'poolifier-cluster', { settings: { execArgv } }) },
  'dist-io, thread': { start: () => distIo('thread'), lacks: ['V8 heap exhausted'] },
  piscina: { start: () => piscina() },
  'tinypool, thread': { start: () => tinypool('worker_threads') },
  'workerpool, thread': { start: () => workerpool('thread') },
  'jest-worker, thread': { start: () => jestWorker(true) },
  'poolifier, thread': { start: () => poolifier('FixedThreadPool', 'poolifier-thread', { workerOptions: { resourceLimits } }) },
};
