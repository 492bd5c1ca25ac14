// The pools of dist-io and of its peers: jobs a second, by how many are submitted at a time. `npm run bench:pools`, about ten minutes;
// `--rounds 1 --ms 200` is shorter, `--size 2` takes two workers, `--json` prints data. Only the ratios are comparable.
const { deepStrictEqual } = require('node:assert');
const { join } = require('node:path');
const { availableParallelism, cpus } = require('node:os');
const { parseArgs } = require('node:util');
const Table = require('cli-table3');
const { Master } = require('dist-io');
const { inTurn, median } = require('../measure');
const contestants = require('./contestants');
const peers = require('./peers');

const { values: flags } = parseArgs({
  options: {
    rounds: { type: 'string', default: '5' },
    ms: { type: 'string', default: '500' },
    size: { type: 'string', default: '1' },
    json: { type: 'boolean' },
  },
});

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

/** With the options of their documentation, and tuned for many jobs at a time. */
const POOLS = {
  ...Object.fromEntries(Object.entries(contestants).map(([name, { start }]) => [name, start])),
  'dist-io, process': (size) => distIo('process', size),
  'dist-io, thread': (size) => distIo('thread', size),
  'worker-farm, process': workerFarm,
  'threads.js': threads,
  'piscina, atomics disabled': (size) => piscina(size, { atomics: 'disabled' }),
  'piscina, 64 jobs for each worker': (size) => piscina(size, { concurrentTasksPerWorker: 64 }),
  'piscina, 512 jobs for each worker': (size) => piscina(size, { concurrentTasksPerWorker: 512 }),
  'poolifier, cluster, 512 jobs for each worker': (size) => poolifier('FixedClusterPool', 'poolifier-cluster', size),
  'poolifier, thread, 512 jobs for each worker': (size) => poolifier('FixedThreadPool', 'poolifier-thread', size),
};

const isProcess = (name) => /process|cluster/.test(name);
const isTuned = (name) => /disabled|jobs for each/.test(name);

const item = (id) => ({ id, title: 'a title', tags: ['red', 'green'], price: 9.5, inStock: true });
const TINY = { value: 1 };
const OBJECT = { value: Array.from({ length: 11 }, (_, id) => item(id)) };
const CASES = [1, 16, 64, 1000].map((inFlight) => ({ title: `a number, ${inFlight} at a time`, job: TINY, inFlight }));
CASES.push({ title: 'an object of 900 bytes, 1000 at a time', job: OBJECT, inFlight: 1000 });

/** Jobs a second. */
async function rate(pool, { job, inFlight }, ms) {
  let done = 0;
  const began = performance.now();
  const end = began + ms;
  const lane = async () => {
    while (performance.now() < end) {
      const value = await pool.do(job);
      if (done++ % 100 === 0) deepStrictEqual(value, job.value);
    }
  };
  await Promise.all(Array.from({ length: inFlight }, lane));
  return (done / (performance.now() - began)) * 1000;
}

async function main() {
  const pools = {};
  for (const [name, start] of Object.entries(POOLS)) pools[name] = await start(Number(flags.size));
  const results = {};
  for (const one of CASES) {
    await inTurn(pools, 1, (pool) => rate(pool, one, 200));
    results[one.title] = await inTurn(pools, Number(flags.rounds), (pool) => rate(pool, one, Number(flags.ms)));
  }
  for (const pool of Object.values(pools)) await pool.end();
  if (flags.json) return console.log(JSON.stringify(results));
  console.log(`Node ${process.version}, ${availableParallelism()} cores, ${cpus()[0].model}, ${flags.size} worker(s)\n`);
  for (const [title, figures] of Object.entries(results)) print(title, figures);
}

function print(title, figures) {
  const table = new Table({ head: [title, 'jobs a second', 'worst', 'best'], style: { head: [], border: [] }, colWidths: [48] });
  for (const [name, rates] of Object.entries(figures).sort(([, one], [, other]) => median(other) - median(one)))
    table.push([name, ...[median(rates), Math.min(...rates), Math.max(...rates)].map((n) => Math.round(n).toLocaleString('en'))]);
  console.log(String(table));
  for (const ours of ['dist-io, process', 'dist-io, thread']) {
    const others = Object.keys(figures).filter((name) => !name.startsWith('dist-io') && isProcess(name) === isProcess(ours));
    console.log(
      `${ours}: ${against(figures, ours, others)} x the best peer, ${against(
        figures,
        ours,
        others.filter((name) => !isTuned(name)),
      )} x with defaults`,
    );
  }
  console.log();
}

function against(figures, ours, others) {
  const best = Math.max(...others.map((name) => median(figures[name])));
  return (median(figures[ours]) / best).toFixed(2);
}

void main();
