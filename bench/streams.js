// Measures streams in one run: `npm run bench:streams`. Only the ratios are comparable;
// absolute figures depend on the machine and its load.
const { fork, spawn } = require('node:child_process');
const { join } = require('node:path');
const { availableParallelism, cpus } = require('node:os');
const Table = require('cli-table3');
const { Master } = require('dist-io');
const { inTurn, median, ratio } = require('./measure');

const file = (name) => join(__dirname, 'slaves', name);
const number = (figure, digits = 0) => figure.toLocaleString('en', { minimumFractionDigits: digits, maximumFractionDigits: digits });
const style = { head: [], border: [] };

async function main() {
  console.log(`Node ${process.version}, ${availableParallelism()} cores, ${cpus()[0].model}\n`);
  await items();
  await bytes();
  await slowReader();
}

/** Small items, one by one, to a reader that discards them. */
async function items() {
  const COUNT = 300_000;
  const slaves = await started(['process', 'thread']);
  const child = fork(file('bare-numbers.js'));
  const read = async (stream) => {
    for (let i = 0; i < COUNT; i++) if ((await stream.next()).done) throw new Error('too few');
  };
  const figures = await measured(COUNT, {
    'process.send': () => sent(child, COUNT),
    'dist-io, process': () => read(slaves.process.stream('numbers', COUNT)),
    'dist-io, process, async generator': () => read(slaves.process.stream('numbers, async', COUNT)),
    'dist-io, thread': () => read(slaves.thread.stream('numbers', COUNT)),
  });
  print('Items a second, numbers', figures, 'process.send', (figure) => number(figure));
  child.disconnect();
  await ended(slaves);
}

async function bytes() {
  const CHUNKS = 8_000;
  const MB = 1e6 / (64 * 1024);
  const slaves = await started(['process', 'thread']);
  const child = spawn(process.execPath, [file('bare-socket.js')], { stdio: ['ignore', 'inherit', 'inherit', 'pipe'] });
  const read = async (slave) => {
    for await (const chunk of slave.stream('chunks', CHUNKS)) if (chunk.length !== 64 * 1024) throw new Error('too short');
  };
  const figures = await measured(CHUNKS / MB, {
    'a bare socket': () => piped(child.stdio[3], CHUNKS),
    'dist-io, process': () => read(slaves.process),
    'dist-io, thread': () => read(slaves.thread),
  });
  print('MB a second, chunks of 64 KiB', figures, 'a bare socket', (figure) => number(figure));
  child.stdio[3].end();
  await ended(slaves);
}

/** The slave's memory, and its lead over the reader, while a slow reader reads from an endless source. */
async function slowReader() {
  const slave = new Master().createSlave(file('streams.js'), { execArgv: ['--expose-gc'] });
  const table = new Table({ head: ['A reader of one item a ms: items read', 'ahead', "slave's heap, MB", "slave's RSS, MB"], style });
  const stream = slave.stream('without end');
  for (let read = 1; read <= 5000; read++) {
    await stream.next();
    await new Promise((resolve) => setTimeout(resolve, 1));
    if (read % 1000 !== 0) continue;
    const ahead = (await slave.exec('made')).value - read;
    const { heapUsed, rss } = (await slave.exec('memory')).value;
    table.push([number(read), number(ahead), number(heapUsed / 2 ** 20, 1), number(rss / 2 ** 20, 1)]);
  }
  await stream.return();
  await slave.exit();
  console.log(`${table}`);
}

async function started(runtimes) {
  const slaves = Object.fromEntries(runtimes.map((runtime) => [runtime, new Master().createSlave(file('streams.js'), { runtime })]));
  for (const slave of Object.values(slaves)) await slave.ready();
  return slaves;
}

async function ended(slaves) {
  for (const slave of Object.values(slaves)) await slave.exit();
}

function sent(child, count) {
  return new Promise((resolve) => {
    let left = count;
    const hear = () => {
      if (--left > 0) return;
      child.off('message', hear);
      resolve();
    };
    child.on('message', hear);
    child.send(count);
  });
}

function piped(socket, chunks) {
  return new Promise((resolve) => {
    let left = chunks * 64 * 1024;
    const hear = (data) => {
      if ((left -= data.length) > 0) return;
      socket.off('data', hear);
      resolve();
    };
    socket.on('data', hear);
    socket.write(String(chunks));
  });
}

/** The rate per second of each contestant. */
async function measured(amount, ways) {
  const perSecond = async (way) => {
    const began = performance.now();
    await way();
    return amount / ((performance.now() - began) / 1000);
  };
  await inTurn(ways, 1, perSecond);
  return inTurn(ways, 7, perSecond);
}

function print(title, figures, baseline, format) {
  const table = new Table({ head: [title, 'median', 'best', 'worst', 'against'], style, colWidths: [42] });
  for (const [name, values] of Object.entries(figures)) {
    const against = name === baseline ? '' : `${ratio(values, figures[baseline]).toFixed(2)} x ${baseline}`;
    table.push([name, format(median(values)), format(Math.max(...values)), format(Math.min(...values)), against]);
  }
  console.log(`${table}\n`);
}

void main();
