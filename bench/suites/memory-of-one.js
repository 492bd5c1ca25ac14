// Prints in MB what a worker of a contestant takes: `node --expose-gc memory-of-one.js <name>`. A process of its own, with all that it needs
// besides (dist-io's guard, for example), or the growth of this one by a thread.
const { readFileSync } = require('node:fs');
const { setTimeout: pause } = require('node:timers/promises');
const { descendants } = require('../pin');
const { contestants } = require('./start');

const THREADS = 4;

/** Resident memory of a process, in MB. */
const resident = (pid) => Number(/VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1] ?? 0) / 1024;

async function main(name) {
  const { kind, start } = contestants[name];
  const begin = async () => {
    const started = await start(1);
    await started.do(1);
    return started;
  };
  // The first one loads the library and warms it up.
  const started = [await begin()];
  if (kind === 'process') {
    await pause(200);
    console.log(descendants(process.pid).reduce((sum, pid) => sum + resident(pid), 0));
  } else {
    globalThis.gc();
    const before = resident(process.pid);
    while (started.length <= THREADS) started.push(await begin());
    await pause(200);
    globalThis.gc();
    console.log((resident(process.pid) - before) / THREADS);
  }
  // Poolifier's `destroy` does not resolve on Node 22.
  await Promise.race([Promise.all(started.map(({ end }) => end())), pause(5000)]);
  process.exit();
}

void main(process.argv[2]);
