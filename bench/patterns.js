// Measures the workpool in one run: `npm run bench:patterns`. Only the ratios are comparable;
// absolute figures depend on the machine and its load.
const { availableParallelism, cpus } = require('node:os');
const { join } = require('node:path');
const { setFlagsFromString } = require('node:v8');
const { runInNewContext } = require('node:vm');
const Table = require('cli-table3');
const { Master } = require('dist-io');
const { inTurn, median, ratio } = require('./measure');

const file = (name) => join(__dirname, 'slaves', name);
const number = (figure, digits = 0) => figure.toLocaleString('en', { minimumFractionDigits: digits, maximumFractionDigits: digits });

setFlagsFromString('--expose-gc');
const collectGarbage = runInNewContext('gc');

async function main() {
  console.log(`Node ${process.version}, ${availableParallelism()} cores, ${cpus()[0].model}\n`);
  await makespan();
  await constantMemory();
  await waiting();
}

/**
 * CPU-bound tasks of mixed durations. The ideal: the same work in equal shares, one share and one task for each core, without
 * dispatching or waiting.
 */
async function makespan() {
  const cores = availableParallelism();
  const slaves = new Master().createSlaves(cores, file('spin.js'));
  await slaves.ready();
  const pool = new Master().createWorkpool(slaves);

  const lengths = Array.from({ length: 1000 }, mixedLength);
  const sum = lengths.reduce((sum, length) => sum + length, 0);
  const ways = {
    'in equal parts': () => Promise.all(slaves.map((slave) => slave.exec('spin', sum / cores))),
    workpool: () => Promise.all(lengths.map((length) => pool.do('spin', length))),
    'workpool, map': async () => {
      const results = pool.map(lengths, 'spin', { ordered: false });
      while (!(await results.next()).done);
    },
  };
  const time = async (way) => {
    const began = performance.now();
    await way();
    return performance.now() - began;
  };
  await inTurn(ways, 1, time);
  const times = await inTurn(ways, 5, time);
  await slaves.exit();

  const table = new Table({ head: [`${lengths.length} tasks of mixed lengths, ${cores} slaves`, 'ms', 'against'], style: plain });
  for (const [name, values] of Object.entries(times))
    table.push([
      name,
      number(median(values)),
      name === 'in equal parts' ? '' : `${ratio(values, times['in equal parts']).toFixed(3)} x the ideal`,
    ]);
  console.log(`${table}\n`);
}

/** In rounds of arithmetic, from about 1 to 40 ms, short ones more often than long ones; the same in each run. */
let seed = 1;
function mixedLength() {
  seed = (seed * 48271) % 2147483647;
  return Math.round(25_000 * 40 ** (seed / 2147483647));
}

/** The time of one more task, from `do` to its response, while `waiting` tasks are queued. */
async function waiting() {
  const table = new Table({
    head: ['Tasks that wait', 'µs to queue one', 'µs to queue, do and answer one', 'against 1,000'],
    style: plain,
  });
  const counts = [1_000, 100_000, 1_000_000];
  const contestants = Object.fromEntries(counts.map((count) => [count, count]));
  await inTurn(contestants, 1, costOfOne);
  const costs = await inTurn(contestants, 5, costOfOne);
  for (const count of counts) {
    const all = (key, of = count) => costs[of].map((cost) => cost[key]);
    const against = count === 1_000 ? '' : `${ratio(all('done'), all('done', 1_000)).toFixed(2)} x`;
    table.push([number(count), number(median(all('queued')), 2), number(median(all('done')), 2), against]);
  }
  console.log(`${table}\n`);
}

async function costOfOne(count) {
  const DONE = 200_000;
  const CONCURRENCY = 100;
  const slaves = new Master().createSlaves(1, file('echo.js'));
  await slaves.ready();
  const pool = new Master().createWorkpool(slaves, { concurrency: CONCURRENCY });
  collectGarbage();

  let left = DONE;
  let allDone;
  // Each completed task is replaced by a new one, so that the queue length is constant.
  const answered = () => {
    if (--left > 0) void pool.do('echo', 1).then(answered);
    if (left === 0) allDone();
  };
  let began = performance.now();
  for (let i = 0; i < count + CONCURRENCY; i++) void pool.do('echo', 1).then(answered);
  const queued = (1000 * (performance.now() - began)) / count;

  began = performance.now();
  await new Promise((resolve) => (allDone = resolve));
  const done = (1000 * (performance.now() - began)) / DONE;
  await pool.exit({ pending: 'abort' });
  return { queued, done };
}

/** The master's heap while it maps ten million items. */
async function constantMemory() {
  const ITEMS = 10_000_000;
  const SAMPLES = 10;
  const slaves = new Master().createSlaves(availableParallelism(), file('echo.js'));
  const pool = new Master().createWorkpool(slaves, { concurrency: 100 });
  const table = new Table({ head: ['Items mapped', 'heap in use, MB', 'process (RSS), MB', 'items/s'], style: plain });

  const results = pool.map(numbers(ITEMS), 'echo');
  const began = performance.now();
  for (let count = 1; !(await results.next()).done; count++) {
    if (count % (ITEMS / SAMPLES) !== 0) continue;
    collectGarbage();
    const { heapUsed, rss } = process.memoryUsage();
    const perSecond = (1000 * count) / (performance.now() - began);
    table.push([number(count), number(heapUsed / 2 ** 20, 1), number(rss / 2 ** 20), number(perSecond)]);
  }
  await pool.exit();
  console.log(`${table}\n`);
}

function* numbers(count) {
  for (let i = 0; i < count; i++) yield i;
}

const plain = { head: [], border: [] };

void main();
