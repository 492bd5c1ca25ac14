// The pools that are compared, each as its documentation advises. `start(size)` gives `do(job, limit)`, where `limit` in ms ends a job
// that takes too long, if the pool has a way to do so, and `end()`.
const { join } = require('node:path');
const { pathToFileURL } = require('node:url');
const { Master } = require('dist-io');
const peers = require('./peers');

const worker = (name) => join(__dirname, 'workers', `${name}.js`);

/** In MB, for the fault 'V8 heap exhausted' only: at other times a contestant has its defaults. */
const HEAP = process.env.FAULT_HEAP;
const execArgv = HEAP === undefined ? [] : [`--max-old-space-size=${HEAP}`];
const resourceLimits = HEAP === undefined ? undefined : { maxOldGenerationSizeMb: Number(HEAP) };

const signal = (limit) => (limit === undefined ? undefined : AbortSignal.timeout(limit));

function distIo(runtime, size) {
  const master = new Master();
  const pool = master.createPool(size, worker('dist-io'), { runtime, ...(runtime === 'process' && { execArgv }) });
  return {
    do: async (job, timeout) => (await pool.do('run', job, { timeout, cancel: 'kill', rejectOnError: true })).value,
    end: () => pool.exit(),
  };
}

function piscina(size, options) {
  const { Piscina } = peers('piscina');
  const pool = new Piscina({ filename: worker('function'), minThreads: size, maxThreads: size, resourceLimits, ...options });
  pool.on('error', () => undefined);
  return { do: (job, limit) => pool.run(job, { signal: signal(limit) }), end: () => pool.destroy() };
}

async function tinypool(runtime, size) {
  const { default: Tinypool } = await import(pathToFileURL(peers.resolve('tinypool')));
  // Processes of its own would get no environment at all.
  const pool = new Tinypool({
    filename: worker('function'),
    runtime,
    env: process.env,
    minThreads: size,
    maxThreads: size,
    resourceLimits,
    execArgv,
  });
  pool.on('error', () => undefined);
  return { do: (job, limit) => pool.run(job, { signal: signal(limit) }), end: () => pool.destroy() };
}

function workerpool(workerType, size) {
  const pool = peers('workerpool').pool(worker('workerpool'), {
    workerType,
    maxWorkers: size,
    forkOpts: { execArgv },
    workerThreadOpts: { resourceLimits },
  });
  const run = (job, limit) => (limit === undefined ? pool.exec('run', [job]) : pool.exec('run', [job]).timeout(limit));
  return { do: async (job, limit) => run(job, limit), end: async () => pool.terminate() };
}

function jestWorker(enableWorkerThreads, size) {
  const { Worker } = peers('jest-worker');
  const pool = new Worker(worker('jest-worker'), {
    enableWorkerThreads,
    numWorkers: size,
    exposedMethods: ['run'],
    forkOptions: { execArgv },
    resourceLimits,
  });
  // It has no time limit for a job.
  return { do: (job) => pool.run(job), end: () => pool.end() };
}

function poolifier(Pool, size, options) {
  const file = Pool === 'FixedClusterPool' ? 'poolifier-cluster' : 'poolifier-thread';
  const pool = new (peers('poolifier')[Pool])(size, worker(file), { ...options, errorHandler: () => undefined });
  return { do: (job, limit) => pool.execute(job, undefined, signal(limit)), end: () => pool.destroy() };
}

module.exports = {
  'dist-io, process': { start: (size) => distIo('process', size) },
  'tinypool, process': { start: (size) => tinypool('child_process', size) },
  'workerpool, process': { start: (size) => workerpool('process', size) },
  'jest-worker, process': { start: (size) => jestWorker(false, size) },
  'poolifier, cluster': { start: (size) => poolifier('FixedClusterPool', size, { settings: { execArgv } }) },
  'dist-io, thread': { start: (size) => distIo('thread', size), lacks: ['V8 heap exhausted'] },
  piscina: { start: (size) => piscina(size) },
  'tinypool, thread': { start: (size) => tinypool('worker_threads', size) },
  'workerpool, thread': { start: (size) => workerpool('thread', size) },
  'jest-worker, thread': { start: (size) => jestWorker(true, size) },
  'poolifier, thread': { start: (size) => poolifier('FixedThreadPool', size, { workerOptions: { resourceLimits } }) },
};
