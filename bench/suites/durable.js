// Durable jobs on JetStream, beside BullMQ on Redis: jobs a second from a full queue, and with results.
const { deepStrictEqual } = require('node:assert');
const { spawn } = require('node:child_process');
const { once } = require('node:events');
const { mkdtempSync, rmSync } = require('node:fs');
const { createServer } = require('node:net');
const { tmpdir } = require('node:os');
const { join } = require('node:path');
const { setTimeout: pause } = require('node:timers/promises');
const { Master } = require('dist-io');
const { connect } = require('dist-io/nats');
const { inTurn } = require('../measure');
const { kill, startServer } = require('../nats-server');
const peers = require('../pools/peers');

const JOBS = 3000;
const slaveFile = (name) => join(__dirname, '../slaves', name);

let queues = 0;

async function distIo(folder) {
  const server = await startServer(folder, -1, ['-js', '-sd', join(folder, 'jetstream')]);
  const master = new Master();
  const cluster = await connect(master, { servers: server.address });
  const open = (name, concurrency) => master.createPool(1, slaveFile('echo.js'), { concurrency, durable: name });
  return {
    async drain(concurrency) {
      const queue = cluster.queue(`bench-${queues++}`);
      await Promise.all(Array.from({ length: JOBS }, (_, i) => queue.submit('echo', i)));
      const pool = open(queue.name, concurrency);
      await pool.workpool.do('echo', 0);
      const began = performance.now();
      for (let left = JOBS; left > 0;) {
        await pause(5);
        const { waiting, active } = await queue.counts();
        left = waiting + active;
      }
      const time = performance.now() - began;
      await pool.exit();
      return (JOBS / time) * 1000;
    },
    async results(concurrency) {
      const pool = open(`bench-${queues++}`, concurrency);
      await pool.ready();
      const rate = await inRounds((i) => pool.submit('echo', i).then((id) => pool.result(id)));
      await pool.exit();
      return rate;
    },
    async end() {
      await master.exit();
      await cluster.close();
      await server.end();
    },
  };
}

async function startRedis(folder) {
  const port = await freePort();
  // As durable as JetStream's default: written to disk within a second or two.
  const args = ['--port', port, '--bind', '127.0.0.1', '--dir', folder, '--save', '', '--appendonly', 'yes', '--appendfsync', 'everysec'];
  const redis = spawn('redis-server', args.map(String), { stdio: ['ignore', 'pipe', 'inherit'] });
  for (let said = ''; !said.includes('Ready to accept');) said += (await once(redis.stdout, 'data'))[0];
  redis.stdout.resume();
  return { connection: { host: '127.0.0.1', port }, end: () => kill(redis) };
}

async function bullmq(folder) {
  const { Queue, QueueEvents, Worker } = peers('bullmq');
  const { connection, end } = await startRedis(folder);
  const work = async (job) => job.data;
  return {
    async drain(concurrency) {
      const name = `bench-${queues++}`;
      const queue = new Queue(name, { connection });
      await queue.addBulk(Array.from({ length: JOBS }, (_, i) => ({ name: 'echo', data: i })));
      const worker = new Worker(name, work, { connection, concurrency, autorun: false });
      await worker.waitUntilReady();
      const began = performance.now();
      const drained = once(worker, 'drained');
      void worker.run();
      await drained;
      for (let left = JOBS; left > 0;) {
        const { active, waiting } = await queue.getJobCounts('active', 'waiting');
        left = active + waiting;
      }
      const time = performance.now() - began;
      await worker.close();
      await queue.close();
      return (JOBS / time) * 1000;
    },
    async results(concurrency) {
      const name = `bench-${queues++}`;
      const queue = new Queue(name, { connection });
      // Each job that is awaited listens to it.
      queue.setMaxListeners(0);
      const events = new QueueEvents(name, { connection });
      events.setMaxListeners(0);
      const worker = new Worker(name, work, { connection, concurrency });
      await Promise.all([worker.waitUntilReady(), events.waitUntilReady()]);
      const rate = await inRounds((i) => queue.add('echo', i).then((job) => job.waitUntilFinished(events)));
      await worker.close();
      await events.close();
      await queue.close();
      return rate;
    },
    end,
  };
}

/** Jobs a second, 100 at a time, each result checked. */
async function inRounds(run) {
  const began = performance.now();
  for (let i = 0; i < JOBS; i += 100) {
    const numbers = Array.from({ length: 100 }, (_, n) => i + n);
    deepStrictEqual(await Promise.all(numbers.map(run)), numbers);
  }
  return (JOBS / (performance.now() - began)) * 1000;
}

async function freePort() {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address();
  server.close();
  await once(server, 'close');
  return port;
}

const contestants = {
  'dist-io, durable': { kind: 'durable', group: 'dist-io', start: distIo },
  'BullMQ on Redis': { kind: 'durable', group: 'peer', start: bullmq },
};

async function* durable({ rounds, withPeers }) {
  const folders = [];
  const started = {};
  for (const [name, { group, start }] of Object.entries(contestants)) {
    if (group === 'peer' && !withPeers) continue;
    folders.push(mkdtempSync(join(tmpdir(), 'dist-io-bench-')));
    started[name] = await start(folders.at(-1));
  }
  for (const [what, title] of [
    ['drain', 'durable jobs of a full queue'],
    ['results', 'durable jobs, 100 submitted and awaited at a time'],
  ])
    for (const concurrency of [1, 32]) {
      await inTurn(started, 1, (contestant) => contestant[what](concurrency));
      const figures = await inTurn(started, rounds, (contestant) => contestant[what](concurrency));
      yield { name: `${title}, concurrency ${concurrency}`, unit: 'jobs a second', figures };
    }
  for (const { end } of Object.values(started)) await end();
  for (const folder of folders) rmSync(folder, { recursive: true, force: true });
}

module.exports = { contestants, durable };
