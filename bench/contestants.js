// The contestants: each starts an echo and has `ask(data)`, which calls back with the answer, and `end()`.
const { fork } = require('node:child_process');
const { join } = require('node:path');
const { Worker } = require('node:worker_threads');
const { Master } = require('dist-io');

const file = (name) => join(__dirname, 'slaves', name);

/** Node's own IPC, with the minimal bookkeeping to match answers to requests. */
async function bareFork() {
  const child = fork(file('bare-fork.js'));
  await new Promise((resolve) => child.once('message', resolve));
  return {
    pid: child.pid,
    ask: asking((message) => child.send(message), child),
    end: () => new Promise((resolve) => child.once('exit', resolve).disconnect()),
  };
}

async function bareThread() {
  const worker = new Worker(file('bare-thread.js'));
  await new Promise((resolve) => worker.once('message', resolve));
  return { ask: asking((message) => worker.postMessage(message), worker), end: () => worker.terminate() };
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

async function slave(runtime) {
  const handle = new Master().createSlave(file('echo.js'), { runtime });
  await handle.ready();
  return { pid: handle.pid, ask: (data) => handle.exec('echo', data), end: () => handle.exit() };
}

module.exports = {
  'process.send': bareFork,
  'dist-io, process': () => slave('process'),
  postMessage: bareThread,
  'dist-io, thread': () => slave('thread'),
};
