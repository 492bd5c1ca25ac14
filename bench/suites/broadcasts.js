// One value for many workers, until all have answered; and many workers at the same time.
const { fork, spawn } = require('node:child_process');
const { once } = require('node:events');
const { join } = require('node:path');
const { Worker } = require('node:worker_threads');
const { Master } = require('dist-io');
const { inTurn, median } = require('../measure');

const file = (name) => join(__dirname, '..', 'slaves', name);

/** It sends nothing but bytes. */
const ONLY_BYTES = 'one copy and bare writes';

const times = (count, make) => Promise.all(Array.from({ length: count }, make));

/** Each starts workers that take a value and answer with its length, and has `tell(value)`, which resolves once all have answered. */
const contestants = {
  'process.send, advanced': { kind: 'process', group: 'bare', start: (count) => bareForks(count) },
  [ONLY_BYTES]: { kind: 'process', group: 'bare', start: bareSockets },
  'dist-io broadcast, process': { kind: 'process', group: 'dist-io', start: (count) => slaves(count, 'process') },
  postMessage: { kind: 'thread', group: 'bare', start: (count) => bareThreads(count) },
  'dist-io broadcast, thread': { kind: 'thread', group: 'dist-io', start: (count) => slaves(count, 'thread') },
};

const bareForks = (count) =>
  bareWorkers(count, {
    begin: () => fork(file('bare-take.js'), { serialization: 'advanced' }),
    send: (child, value) => child.send(value),
    end: (child) => once(child.disconnect() ?? child, 'exit'),
  });

const bareThreads = (count) =>
  bareWorkers(count, {
    begin: () => new Worker(file('bare-take.js')),
    send: (worker, value) => worker.postMessage(value),
    end: (worker) => worker.terminate(),
  });

async function bareWorkers(count, { begin, send, end }) {
  const workers = await times(count, async () => {
    const worker = begin();
    await once(worker, 'message');
    return worker;
  });
  const ask = (worker, value) => {
    const answered = once(worker, 'message');
    send(worker, value);
    return answered;
  };
  return {
    tell: (value) => Promise.all(workers.map((worker) => ask(worker, value))),
    end: () => Promise.all(workers.map(end)),
  };
}

/** What sending bytes costs without anything else: one copy, so that the sender may change its own, and a write for each worker. */
async function bareSockets(count) {
  const children = await times(count, async () => {
    const child = spawn(process.execPath, [file('bare-count.js')], { stdio: ['ignore', 'inherit', 'inherit', 'pipe'] });
    await once(child.stdio[3], 'data');
    return child;
  });
  const ask = ({ stdio: [, , , socket] }, bytes) => {
    const answered = once(socket, 'data');
    socket.write(bytes);
    return answered;
  };
  return {
    tell: (value) => {
      const length = Buffer.alloc(4);
      length.writeUInt32BE(value.length);
      const bytes = Buffer.concat([length, value]);
      return Promise.all(children.map((child) => ask(child, bytes)));
    },
    end: () => Promise.all(children.map((child) => once(child.stdio[3].end() && child, 'exit'))),
  };
}

async function slaves(count, runtime) {
  const master = new Master();
  const group = master.createSlaves(count, file('take.js'), { runtime });
  await group.ready();
  return { tell: (value) => master.broadcast('take', value).to(...group), end: () => group.exit() };
}

const KILOBYTE = 'x'.repeat(1000);
const TEN_MEGABYTES = new Uint8Array(10 * 2 ** 20);

const LOADS = [
  { name: '1 KB', value: KILOBYTE, counts: [1, 8, 64], repeat: 20 },
  { name: '10 MB of bytes', value: TEN_MEGABYTES, counts: [1, 8, 16, 64], repeat: 1 },
];

/** In ms. */
async function timeOf(action) {
  const began = performance.now();
  await action();
  return performance.now() - began;
}

async function* broadcasts({ rounds, isChosen }) {
  for (const { name, value, counts, repeat } of LOADS) {
    const able = Object.entries(contestants).filter(([name]) => value instanceof Uint8Array || name !== ONLY_BYTES);
    for (const count of counts.filter((count) => isChosen({ name: `${name} to ${count}` }))) {
      const started = {};
      for (const [name, { start }] of able) started[name] = await start(count);
      const one = ({ tell }) => timeOf(() => tell(value));
      const several = async (contestant) => median((await inTurn({ contestant }, repeat, one)).contestant);
      await inTurn(started, 2, several);
      yield { name: `${name} to ${count}`, unit: 'ms', isLessBetter: true, figures: await inTurn(started, rounds, several) };
      for (const { end } of Object.values(started)) await end();
    }
  }
  if (isChosen(MANY)) yield await startMany();
}

const COUNT = 256;
const MANY = { name: `${COUNT} workers started and told` };

/** From the first call to the first answers of all. */
async function startMany() {
  const measure = async ({ start }) => {
    let started;
    const time = await timeOf(async () => {
      started = await start(COUNT);
      await started.tell(KILOBYTE);
    });
    await started.end();
    return time;
  };
  const able = Object.fromEntries(Object.entries(contestants).filter(([name]) => name !== ONLY_BYTES));
  return { ...MANY, unit: 'ms', isLessBetter: true, figures: await inTurn(able, 2, measure) };
}

module.exports = { contestants, broadcasts };
