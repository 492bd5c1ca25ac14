// The bare platform, and a slave of dist-io. Each starts an echo and has `do(value)`, which resolves with the value, and `end()`.
const { fork } = require('node:child_process');
const { join } = require('node:path');
const { Worker } = require('node:worker_threads');
const { Master } = require('dist-io');

const file = (name) => join(__dirname, 'slaves', name);

/** Node's own IPC, with the minimal bookkeeping to match answers to requests. */
async function bareFork(serialization) {
  const child = fork(file('bare-fork.js'), { serialization });
  await new Promise((resolve) => child.once('message', resolve));
  return {
    do: asking((message) => child.send(message), child),
    end: () => new Promise((resolve) => child.once('exit', resolve).disconnect()),
  };
}

/** @param moved which buffers of a value are moved */
async function bareThread(name = 'bare-thread.js', moved = () => []) {
  const worker = new Worker(file(name));
  await new Promise((resolve) => worker.once('message', resolve));
  return { do: asking((message) => worker.postMessage(message, moved(message.data)), worker), end: () => worker.terminate() };
}

function asking(send, emitter) {
  const waiting = new Map();
  let id = 0;
  emitter.on('message', (message) => {
    const answered = waiting.get(message.id);
    waiting.delete(message.id);
    answered(message.data);
  });
  return (data) =>
    new Promise((resolve) => {
      waiting.set(++id, resolve);
      send({ id, data });
    });
}

function slave(runtime, task = 'echo', metadata = () => undefined) {
  const handle = new Master().createSlave(file('echo.js'), { runtime });
  return { do: async (value) => (await handle.exec(task, value, metadata(value))).value, end: () => handle.exit() };
}

/** Threads that answer with the length of a buffer. */
const BUFFERS = {
  postMessage: { kind: 'thread', group: 'bare', start: () => bareThread('bare-length.js') },
  'postMessage, moved': { kind: 'thread', group: 'bare', start: () => bareThread('bare-length.js', (buffer) => [buffer]) },
  'dist-io exec, thread': { kind: 'thread', group: 'dist-io', start: () => slave('thread', 'length') },
  'dist-io exec, thread, moved': {
    kind: 'thread',
    group: 'dist-io',
    start: () => slave('thread', 'length', (buffer) => ({ transfer: [buffer] })),
  },
};

const ECHOES = {
  'process.send': { kind: 'process', group: 'bare', start: () => bareFork('json') },
  'process.send, advanced': { kind: 'process', group: 'bare', start: () => bareFork('advanced') },
  postMessage: { kind: 'thread', group: 'bare', start: () => bareThread() },
  'dist-io exec, process': { kind: 'process', group: 'dist-io', start: () => slave('process') },
  'dist-io exec, thread': { kind: 'thread', group: 'dist-io', start: () => slave('thread') },
};

module.exports = { ECHOES, BUFFERS };
