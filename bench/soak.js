// Whether anything leaks: 2,000 slaves are created and ended, then two pools work for ten minutes while random faults happen in them.
// `npm run soak`, a quarter of an hour; `--cycles 100 --minutes 1` is shorter. Exits with 1 if something
// grew, hung or was left. On Linux only: descriptors and children are counted in /proc.
const { readdirSync, readFileSync } = require('node:fs');
const { join } = require('node:path');
const { setTimeout: pause } = require('node:timers/promises');
const { parseArgs } = require('node:util');
const Table = require('cli-table3');
const { Master } = require('dist-io');
const { median } = require('./measure');

const { values } = parseArgs({
  options: {
    cycles: { type: 'string', default: '2000' },
    minutes: { type: 'string', default: '10' },
  },
});

const SLAVE = join(__dirname, 'pools', 'workers', 'dist-io.js');
const CLIENTS = 8;
/** In ms, after the end of the load: a call that is then pending hangs. */
const PATIENCE = 60_000;

const IN_THREADS = ['exit 0', 'exit 7', 'uncaught throw', 'unhandled rejection', 'busy loop', 'stdout flooded'];
const FAULTS = {
  process: [...IN_THREADS, 'abort', 'native crash', 'SIGKILL', 'SIGTERM', 'SIGSTOP', 'V8 heap exhausted', 'file descriptors exhausted'],
  thread: IN_THREADS,
};

const pick = (list) => list[Math.floor(Math.random() * list.length)];

function children() {
  return readdirSync('/proc').filter((pid) => {
    try {
      return /^\d+$/.test(pid) && readFileSync(`/proc/${pid}/stat`, 'latin1').split(') ')[1].split(' ')[1] === String(process.pid);
    } catch {
      return false;
    }
  }).length;
}

function sample() {
  global.gc();
  return {
    descriptors: readdirSync('/proc/self/fd').length,
    handles: process.getActiveResourcesInfo().length,
    'heap, MB': process.memoryUsage().heapUsed / 2 ** 20,
    children: children(),
  };
}

/** Lets the ends of the last slaves arrive. */
async function settle() {
  for (let i = 0; i < 5; i++) {
    await pause(200);
    global.gc();
  }
}

async function cycles(count) {
  const samples = [];
  const master = new Master({ stdout: 'ignore', stderr: 'ignore' });
  for (let i = 0; i < count; i += 2) {
    const slaves = ['process', 'thread'].map((runtime) => master.createSlave(SLAVE, { runtime }));
    await Promise.all(slaves.map((slave) => slave.exec('run', { value: i })));
    await Promise.all(slaves.map((slave) => (i % 20 === 0 ? slave.kill() : slave.exit())));
    if (i % Math.ceil(count / 20) < 2) samples.push(sample());
  }
  return samples;
}

/** What became of the calls of a pool. */
class Tally {
  calls = 0;
  answered = 0;
  errors = new Map();
  pending = 0;

  async of(promise) {
    this.calls++;
    this.pending++;
    const response = await promise;
    this.pending--;
    if (response.ok) this.answered++;
    else this.errors.set(response.error.code, (this.errors.get(response.error.code) ?? 0) + 1);
  }
}

async function load(pool, runtime, tally, end) {
  const client = async () => {
    while (performance.now() < end) await tally.of(pool.do('run', { value: 'x'.repeat(Math.random() * 10_000) }));
  };
  const faults = async () => {
    while (performance.now() < end) {
      const job = { fault: pick(FAULTS[runtime]), when: pick(['running', 'idle']), value: 'faulty' };
      await tally.of(pool.do('run', job, { timeout: 5000, cancel: 'kill' }));
      await pause(Math.random() * 300);
    }
  };
  await Promise.all([faults(), ...Array.from({ length: CLIENTS }, client)]);
}

async function faults(minutes) {
  const end = performance.now() + minutes * 60_000;
  const master = new Master({ stdout: 'ignore', stderr: 'ignore' });
  const samples = [];
  const tally = new Tally();
  const pools = Object.keys(FAULTS).map((runtime) => {
    const execArgv = runtime === 'process' ? ['--max-old-space-size=64'] : undefined;
    return [runtime, master.createPool(2, SLAVE, { runtime, execArgv, responsive: { within: 1000 } })];
  });
  let restarts = 0;
  for (const [, pool] of pools) for (const slave of pool.slaves) slave.on('restart', () => restarts++);
  const over = Promise.all(pools.map(([runtime, pool]) => load(pool, runtime, tally, end)));
  while (performance.now() < end) {
    await pause(minutes * 3000);
    samples.push(sample());
  }
  await Promise.race([over, pause(PATIENCE, undefined, { ref: false })]);
  const { calls, answered, errors, pending: hanging } = tally;
  await Promise.all(pools.map(([, pool]) => pool.exit({ pending: 'abort' })));
  return { samples, counts: { restarts, calls, answered, ...Object.fromEntries(errors), hanging } };
}

/** Compares the first third of the samples with the last, by their medians. */
function growth(name, samples) {
  const third = Math.max(1, Math.floor(samples.length / 3));
  return Object.keys(samples[0]).map((figure) => {
    const middle = (part) => median(part.map((each) => each[figure]));
    const [first, last] = [middle(samples.slice(0, third)), middle(samples.slice(-third))];
    // What comes and goes with the slaves alive at that moment is no growth.
    const allowed = figure === 'heap, MB' ? first * 0.1 + 2 : first * 0.25 + 8;
    return { name, figure, first, last, hasGrown: last > first + allowed };
  });
}

async function main() {
  await cycles(20);
  await settle();
  const before = sample();
  const created = await cycles(Number(values.cycles));
  await settle();
  const between = sample();
  const { samples, counts } = await faults(Number(values.minutes));
  await settle();
  const after = sample();

  const rows = [...growth(`${values.cycles} slaves`, created), ...growth(`${values.minutes} min of faults`, samples)];
  const table = new Table({ head: ['', '', 'first third', 'last third'], style: { head: [], border: [] } });
  for (const { name, figure, first, last, hasGrown } of rows)
    table.push([name, figure, first.toFixed(1), `${last.toFixed(1)}${hasGrown ? ' GROWN' : ''}`]);
  console.log(String(table));
  const idle = new Table({ head: ['idle', ...Object.keys(before)], style: { head: [], border: [] } });
  for (const [when, figures] of Object.entries({ before, between, after }))
    idle.push([when, ...Object.values(figures).map((n) => n.toFixed(1))]);
  console.log(String(idle));
  console.log(counts);
  const left = after.children > before.children || after.descriptors > before.descriptors + 2;
  if (counts.hanging > 0 || left || rows.some(({ hasGrown }) => hasGrown)) process.exitCode = 1;
}

void main();
