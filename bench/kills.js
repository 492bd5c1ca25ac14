// A pool under load of which a slave is killed every 300 ms: what is lost, what is repeated, what hangs.
// `npm run bench:kills`, two minutes; `--seconds 10` is shorter.
const { mkdtempSync, readFileSync, rmSync, writeFileSync } = require('node:fs');
const { tmpdir } = require('node:os');
const { join } = require('node:path');
const { setTimeout: pause } = require('node:timers/promises');
const { parseArgs } = require('node:util');
const Table = require('cli-table3');
const { Master, SlaveDiedError } = require('dist-io');

const SLAVE = join(__dirname, 'slaves', 'logging.js');
const SLAVES = 4;
const CLIENTS = 64;
/** In ms. */
const KILL_EVERY = 300;

const { values } = parseArgs({ options: { seconds: { type: 'string', default: '60' } } });

/** Runs the load with one of the tasks, and counts. */
async function run(task, log) {
  writeFileSync(log, '');
  const master = new Master({ stderr: 'ignore' });
  const pool = master.createPool(SLAVES, SLAVE, { data: log });
  const end = performance.now() + Number(values.seconds) * 1000;
  const responses = [];
  let ids = 0;

  const client = async () => {
    while (performance.now() < end) {
      const id = ids++;
      responses[id] = await pool.do(task, id);
    }
  };
  const clients = Promise.all(Array.from({ length: CLIENTS }, client));
  let kills = 0;
  while (performance.now() < end) {
    await pause(KILL_EVERY);
    const alive = pool.slaves.filter(({ isAlive }) => isAlive);
    const victim = alive[Math.floor(Math.random() * alive.length)];
    if (victim === undefined) continue;
    kills++;
    process.kill(victim.pid, 'SIGKILL');
  }
  const isOver = await Promise.race([clients.then(() => true), pause(30_000, false, { ref: false })]);
  await pool.exit({ pending: 'abort' });
  return { kills, ...count(responses, ids, runsOf(log)), hanging: isOver ? 0 : ids - responses.filter(Boolean).length };
}

function runsOf(log) {
  const runs = new Map();
  for (const id of readFileSync(log, 'utf8').split('\n').filter(Boolean)) runs.set(Number(id), (runs.get(Number(id)) ?? 0) + 1);
  return runs;
}

function count(responses, ids, runs) {
  const failed = responses.filter((response) => response?.ok === false);
  const named = failed.filter(({ error }) => error instanceof SlaveDiedError && error.mayHaveExecuted);
  return {
    jobs: ids,
    answered: responses.filter((response) => response?.ok === true).length,
    'lost, and said so': named.length,
    'other errors': failed.length - named.length,
    'ran twice': [...runs.values()].filter((n) => n > 1).length,
    'answered, never ran': responses.filter((response, id) => response?.ok === true && !runs.has(id)).length,
  };
}

async function main() {
  const folder = mkdtempSync(join(tmpdir(), 'dist-io-kills-'));
  const rows = [];
  for (const task of ['once', 'idempotent']) rows.push({ task, ...(await run(task, join(folder, 'log'))) });
  rmSync(folder, { recursive: true });
  const table = new Table({ head: Object.keys(rows[0]), style: { head: [], border: [] } });
  for (const row of rows) table.push(Object.values(row));
  console.log(String(table));
}

void main();
