// Whether anything hangs or runs twice over a network of hosts: a pool works for an hour while slaves, hosts and the server are killed, stopped
// and started again. `npm run soak:cluster`; `--minutes 10` is shorter. Each job notes its execution, and is sent once. Exits with 1 if a job
// hung, ran twice, was answered without having run, or ran although its error says that it did not.
const { spawn } = require('node:child_process');
const { once } = require('node:events');
const { mkdtempSync, readFileSync, rmSync, writeFileSync } = require('node:fs');
const { tmpdir } = require('node:os');
const { join } = require('node:path');
const { setTimeout: pause } = require('node:timers/promises');
const { parseArgs } = require('node:util');
const Table = require('cli-table3');
const { Master } = require('dist-io');
const { connect } = require('dist-io/nats');
const { kill, startServer } = require('./nats-server');

const { values } = parseArgs({ options: { minutes: { type: 'string', default: '60' } } });

const COMMAND = join(__dirname, '../dist/cli/main.js');
const CLIENTS = 20;
/** In ms. */
const HEARTBEAT = 500;
/** In ms, after the end of the load: a call that is then pending hangs. */
const PATIENCE = 60_000;

const pick = (list) => list[Math.floor(Math.random() * list.length)];
const between = (least, most) => least + Math.random() * (most - least);

class Host {
  constructor(name, servers, folder) {
    this.file = join(folder, `${name}.json`);
    const scripts = { worker: 'soak-cluster.js' };
    writeFileSync(this.file, JSON.stringify({ name, servers, insecure: true, root: join(__dirname, 'slaves'), scripts, maxSlaves: 8 }));
  }

  async start() {
    this.child = spawn(process.execPath, [COMMAND, 'host', '--config', this.file], { stdio: ['ignore', 'pipe', 'inherit'] });
    this.child.stdout.resume();
    await once(this.child.stdout, 'data');
  }

  async restart() {
    await kill(this.child);
    // The server may still know its connection.
    for (;;) {
      await this.start();
      await pause(500);
      if (this.child.exitCode === null) return;
    }
  }

  async stopFor(ms) {
    this.child.kill('SIGSTOP');
    await pause(ms);
    this.child.kill('SIGCONT');
  }
}

/** What goes wrong, and how often it did. */
function createFaults({ pool, hosts, restartServer }) {
  const counts = {};
  const faults = {
    'slave killed': () => {
      const slave = pick([...pool.slaves]);
      if (slave?.pid !== undefined) process.kill(slave.pid, 'SIGKILL');
    },
    'host killed': () => pick(hosts).restart(),
    'host stopped for a moment': () => pick(hosts).stopFor(between(50, 800)),
    'host stopped for long': () => pick(hosts).stopFor(4 * HEARTBEAT),
    'server restarted': restartServer,
  };
  return {
    counts,
    happen: async () => {
      const name = pick(Object.keys(faults));
      counts[name] = (counts[name] ?? 0) + 1;
      try {
        await faults[name]();
      } catch (error) {
        // The slave has ended meanwhile.
        if (error.code !== 'ESRCH') throw error;
      }
    },
  };
}

/** Keeps the pool busy until `end`. @returns the responses by the numbers of their jobs, and those that are pending */
function load(pool, end) {
  const responses = new Map();
  const pending = new Set();
  let last = 0;
  const client = async () => {
    while (Date.now() < end) {
      const number = ++last;
      pending.add(number);
      responses.set(number, await pool.do('note', { number, ms: Math.random() < 0.1 ? between(0, 200) : 0 }));
      pending.delete(number);
      // A pool without slaves refuses at once.
      if (!responses.get(number).ok) await pause(20);
    }
  };
  return { responses, pending, done: Promise.all(Array.from({ length: CLIENTS }, client)) };
}

/** Compares what the callers were told with what was executed. */
function judge(responses, log) {
  const executions = new Map();
  for (const line of readFileSync(log, 'utf8').split('\n').slice(0, -1))
    executions.set(Number(line), (executions.get(Number(line)) ?? 0) + 1);
  const found = { 'ran twice': 0, 'answered but did not run': 0, 'ran although it surely did not': 0 };
  const errors = {};
  for (const [number, { ok, error }] of responses) {
    const times = executions.get(number) ?? 0;
    if (times > 1) found['ran twice']++;
    if (ok && times === 0) found['answered but did not run']++;
    if (!ok && error.mayHaveExecuted === false && times > 0) found['ran although it surely did not']++;
    if (!ok) errors[error.code ?? error.name] = (errors[error.code ?? error.name] ?? 0) + 1;
  }
  return { found, errors };
}

async function main() {
  const folder = mkdtempSync(join(tmpdir(), 'dist-io-soak-'));
  const log = join(folder, 'executions');
  writeFileSync(log, '');
  let server = await startServer(folder);
  const { address } = server;
  const hosts = ['h1', 'h2', 'h3'].map((name) => new Host(name, address, folder));
  for (const host of hosts) await host.start();
  const master = new Master();
  const cluster = await connect(master, { servers: address, heartbeat: HEARTBEAT });
  const pool = master.createPool(4, 'worker', { host: 'any', data: { log }, concurrency: 4, backoff: { maximumInterval: 500 } });

  const end = Date.now() + Number(values.minutes) * 60_000;
  const faults = createFaults({
    pool,
    hosts,
    restartServer: async () => {
      await server.end();
      server = await startServer(folder, new URL(address).port);
    },
  });
  const { responses, pending, done } = load(pool, end);
  let ticks = 0;
  while (Date.now() < end) {
    await pause(between(500, 3000));
    await faults.happen();
    if (++ticks % 20 === 0) console.log(`${responses.size} jobs, ${Math.round((end - Date.now()) / 1000)} s left`);
  }
  await Promise.race([done, pause(PATIENCE, undefined, { ref: false })]);
  const { found, errors } = judge(responses, log);

  const table = new Table({ style: { head: [], border: [] } });
  table.push(['jobs', responses.size], ['hanging', pending.size], ...Object.entries(found));
  table.push(...Object.entries(errors).map(([code, count]) => [`error ${code}`, count]), ...Object.entries(faults.counts));
  table.push(['heap, MB', (process.memoryUsage().heapUsed / 2 ** 20).toFixed(1)]);
  console.log(String(table));
  await master.exit({ pending: 'abort' });
  await cluster.close();
  for (const { child } of hosts) await kill(child);
  await server.end();
  rmSync(folder, { recursive: true, force: true });
  if (pending.size > 0 || Object.values(found).some((count) => count > 0)) process.exitCode = 1;
}

void main();
