// The time without capacity after a SIGKILL: from the kill to the first answer of the process that takes the place of the dead one.
// `npm run bench:restarts`. Only the ratios are comparable.
const { fork } = require('node:child_process');
const { once } = require('node:events');
const { join } = require('node:path');
const { setTimeout: pause } = require('node:timers/promises');
const Table = require('cli-table3');
const { Master } = require('dist-io');
const { inTurn, median, ratio } = require('./measure');

const ROUNDS = 25;
const ECHO = join(__dirname, 'slaves', 'echo.js');
const BARE = join(__dirname, 'slaves', 'bare-fork.js');

/** What a program without a library does: fork again when the child has exited. */
async function bareFork() {
  let child = fork(BARE);
  const answer = async () => {
    child.send({ id: 0, data: 1 });
    await once(child, 'message');
  };
  await answer();
  return {
    measure: async () => {
      const start = performance.now();
      process.kill(child.pid, 'SIGKILL');
      await once(child, 'exit');
      child = fork(BARE);
      await answer();
      return performance.now() - start;
    },
    end: async () => {
      child.kill();
      await once(child, 'exit');
    },
  };
}

async function supervised(options) {
  const master = new Master();
  const slave = master.createSlave(ECHO, { restart: 'permanent', intensity: Infinity, ...options });
  await slave.exec('echo', 1);
  return {
    measure: async () => {
      const start = performance.now();
      process.kill(slave.pid, 'SIGKILL');
      await new Promise((resolve) => slave.once('restart', resolve));
      await slave.exec('echo', 1);
      return performance.now() - start;
    },
    end: () => master.exit(),
  };
}

async function main() {
  const contestants = {
    'a bare fork': await bareFork(),
    'dist-io': await supervised({}),
    'dist-io, one spare': await supervised({ spares: 1 }),
  };
  const measure = async (contestant) => {
    // A spare needs time to load.
    await pause(400);
    return contestant.measure();
  };
  await inTurn(contestants, 2, measure);
  const figures = await inTurn(contestants, ROUNDS, measure);
  const head = ['ms from SIGKILL to the first answer', 'median', 'best', 'worst', 'against a bare fork'];
  const table = new Table({ head, style: { head: [], border: [] } });
  for (const [name, values] of Object.entries(figures)) {
    const cells = [median(values), Math.min(...values), Math.max(...values)].map((value) => value.toFixed(2));
    table.push([name, ...cells, `${ratio(values, figures['a bare fork']).toFixed(2)} x`]);
  }
  console.log(String(table));
  for (const { end } of Object.values(contestants)) await end();
}

void main();
