// Compares dist-io with the bare platform in one run: `npm run bench`. Only the ratios are comparable;
// absolute figures depend on the machine and its load.
const { fork } = require('node:child_process');
const { readFileSync } = require('node:fs');
const { join } = require('node:path');
const { availableParallelism, cpus } = require('node:os');
const Table = require('cli-table3');
const { Master } = require('dist-io');
const contestants = require('./contestants');
const { throughput, latency, inTurn, median, ratio } = require('./measure');

const file = (name) => join(__dirname, 'slaves', name);

const item = (id) => ({ id, title: 'a title', tags: ['red', 'green'], price: 9.5, inStock: true });
const LOADS = {
  'a number': { data: 1, count: 200_000 },
  'an object of 2 fields': { data: { a: 1, b: 'two' }, count: 100_000 },
  'an object of 900 bytes': { data: Array.from({ length: 11 }, (_, id) => item(id)), count: 20_000 },
};
const PAIRS = [
  ['dist-io, process', 'process.send'],
  ['dist-io, thread', 'postMessage'],
];

async function main() {
  console.log(`Node ${process.version}, ${availableParallelism()} cores, ${cpus()[0].model}\n`);
  await messages();
  await start();
}

async function messages() {
  const started = {};
  for (const [name, start] of Object.entries(contestants)) started[name] = await start();

  for (const [title, { data, count }] of Object.entries(LOADS)) {
    await inTurn(started, 1, ({ ask }) => throughput(ask, data, count, 1000));
    const figures = await inTurn(started, 7, ({ ask }) => throughput(ask, data, count, 1000));
    print(`Answers a second, 1000 in flight, ${title}`, figures, (figure) => Math.round(figure).toLocaleString('en'));
  }
  await inTurn(started, 1, ({ ask }) => latency(ask, 1, 5_000));
  const figures = await inTurn(started, 7, ({ ask }) => latency(ask, 1, 10_000));
  print('Microseconds for one answer, one at a time', figures, (figure) => figure.toFixed(1));

  for (const { end } of Object.values(started)) await end();
}

function print(title, figures, format) {
  const table = new Table({ head: [title, 'median', 'best', 'worst', 'against'], style: { head: [], border: [] }, colWidths: [60] });
  for (const [name, values] of Object.entries(figures)) {
    const baseline = PAIRS.find(([ours]) => ours === name)?.[1];
    const against = baseline === undefined ? '' : `${ratio(values, figures[baseline]).toFixed(2)} x ${baseline}`;
    table.push([name, format(median(values)), format(Math.max(...values)), format(Math.min(...values)), against]);
  }
  console.log(`${table}\n`);
}

/** The time from creating a slave to its first answer, and its memory then. */
async function start() {
  const master = new Master();
  const startFork = async () => {
    const began = performance.now();
    const child = fork(file('bare-fork.js'));
    await new Promise((resolve) => child.once('message', resolve));
    child.send(1);
    await new Promise((resolve) => child.once('message', resolve));
    const result = { time: performance.now() - began, memory: memory(child.pid) };
    await new Promise((resolve) => child.once('exit', resolve).disconnect());
    return result;
  };
  const startSlave = async (runtime) => {
    const began = performance.now();
    const slave = master.createSlave(file('echo.js'), { runtime });
    await slave.exec('echo', 1);
    const result = { time: performance.now() - began, memory: runtime === 'process' ? memory(slave.pid) : NaN };
    await slave.exit();
    return result;
  };
  const starters = { fork: startFork, 'dist-io, process': () => startSlave('process'), 'dist-io, thread': () => startSlave('thread') };
  await inTurn(starters, 2, (starter) => starter());
  const results = await inTurn(starters, 15, (starter) => starter());

  const table = new Table({
    head: ['Start', 'first answer, ms', 'against', 'memory (RSS), MB', 'against'],
    style: { head: [], border: [] },
    colWidths: [60],
  });
  const times = (name) => results[name].map(({ time }) => time);
  const sizes = (name) => results[name].map(({ memory }) => memory);
  for (const name of Object.keys(results)) {
    const size = median(sizes(name));
    table.push([
      name,
      median(times(name)).toFixed(1),
      name === 'fork' ? '' : `${ratio(times(name), times('fork')).toFixed(2)} x fork`,
      Number.isNaN(size) ? "(the master's)" : size.toFixed(1),
      name === 'fork' || Number.isNaN(size) ? '' : `${(size - median(sizes('fork'))).toFixed(1)} MB more`,
    ]);
  }
  console.log(`${table}`);
}

/** In MB; NaN if the system does not report it. */
function memory(pid) {
  try {
    return Number(/VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))[1]) / 1024;
  } catch {
    return NaN;
  }
}

void main();
