// The pools that are compared by their speed: those of `contestants.js`, those without a way to end a job, and some with options for many
// jobs at a time. Each has `do(value)`, which resolves with the value, and `work(name, value)`.
const { join } = require('node:path');
const { Master } = require('dist-io');
const contestants = require('./contestants');
const peers = require('./peers');

const worker = (name) => join(__dirname, 'workers', `${name}.js`);

function distIo(runtime, size) {
  const pool = new Master().createPool(size, worker('dist-io'), { runtime });
  return { do: async (job) => (await pool.do('run', job)).unwrap(), end: () => pool.exit() };
}

function piscina(size, options) {
  const pool = new (peers('piscina').Piscina)({ filename: worker('function'), minThreads: size, maxThreads: size, ...options });
  return { do: (job) => pool.run(job), end: () => pool.destroy() };
}

function poolifier(Pool, name, size) {
  const options = { enableTasksQueue: true, tasksQueueOptions: { concurrency: 512 } };
  const pool = new (peers('poolifier')[Pool])(size, worker(name), options);
  return { do: (job) => pool.execute(job), end: () => pool.destroy() };
}

function workerFarm(size) {
  const farm = peers('worker-farm');
  const workers = farm({ maxConcurrentWorkers: size }, worker('worker-farm'));
  const run = (job) => new Promise((resolve, reject) => workers(job, (error, value) => (error ? reject(error) : resolve(value))));
  return { do: run, end: () => new Promise((resolve) => farm.end(workers, resolve)) };
}

function threads(size) {
  const { Pool, spawn, Worker } = peers('threads');
  const pool = Pool(() => spawn(new Worker('./workers/threads')), { size });
  return { do: (job) => pool.queue((thread) => thread.run(job)), end: () => pool.terminate() };
}

/** The pools of dist-io with their defaults. */
const OURS = {
  'dist-io pool, process': (size) => distIo('process', size),
  'dist-io pool, thread': (size) => distIo('thread', size),
};

/** With the options that their documentation advises. */
const WITH_DEFAULTS = {
  ...Object.fromEntries(
    Object.entries(contestants)
      .filter(([name]) => !name.startsWith('dist-io'))
      .map(([name, { start }]) => [name, start]),
  ),
  'worker-farm, process': workerFarm,
  'threads.js': threads,
};

const TUNED = {
  'piscina, atomics disabled': (size) => piscina(size, { atomics: 'disabled' }),
  'piscina, 64 jobs for each worker': (size) => piscina(size, { concurrentTasksPerWorker: 64 }),
  'piscina, 512 jobs for each worker': (size) => piscina(size, { concurrentTasksPerWorker: 512 }),
  'poolifier, cluster, 512 jobs for each worker': (size) => poolifier('FixedClusterPool', 'poolifier-cluster', size),
  'poolifier, thread, 512 jobs for each worker': (size) => poolifier('FixedThreadPool', 'poolifier-thread', size),
};

function described(pools, group) {
  return Object.entries(pools).map(([name, start]) => {
    const echo = async (size) => {
      const pool = await start(size);
      return { do: (value) => pool.do({ value }), work: (work, value) => pool.do({ work, value }), end: pool.end };
    };
    return [name, { kind: /process|cluster/.test(name) ? 'process' : 'thread', group, start: echo }];
  });
}

module.exports = Object.fromEntries([
  ...described(OURS, 'dist-io'),
  ...described(WITH_DEFAULTS, 'peer'),
  ...described(TUNED, 'tuned peer'),
]);
