// A slave on a host beside the library of NATS alone and beside moleculer, all over one nats-server on loopback.
const { strictEqual } = require('node:assert');
const { fork, spawn } = require('node:child_process');
const { once } = require('node:events');
const { mkdtempSync, rmSync, writeFileSync } = require('node:fs');
const { tmpdir } = require('node:os');
const { join } = require('node:path');
const { connect: connectToNats } = require('@nats-io/transport-node');
const { Master } = require('dist-io');
const { connect } = require('dist-io/nats');
const { inTurn, latencies, quantile, rate } = require('../measure');
const { kill, startServer } = require('../nats-server');
const peers = require('../pools/peers');

const CHUNKS = 2000;
const CHUNK = 64 * 1024;
const COMMAND = join(__dirname, '../../dist/cli/main.js');
const slaveFile = (name) => join(__dirname, '../slaves', name);

async function startChild(name, address) {
  const child = fork(slaveFile(name), [address]);
  await once(child, 'message');
  return child;
}

async function bare({ address }) {
  const child = await startChild('nats-echo.js', address);
  const connection = await connectToNats({ servers: address, noAsyncTraces: true });
  return {
    do: async (value) => (await connection.request('echo', JSON.stringify(value), { timeout: 10_000 })).json(),
    stream: () =>
      new Promise((resolve) => {
        let left = CHUNKS;
        const subscription = connection.subscribe('chunks-of-one', {
          callback: () => {
            if (--left > 0) return;
            subscription.unsubscribe();
            resolve();
          },
        });
        connection.publish('chunks', String(CHUNKS), { reply: 'chunks-of-one' });
      }),
    end: async () => {
      await connection.close();
      await kill(child);
    },
  };
}

async function distIo({ address }, folder) {
  const config = { name: 'h1', servers: address, insecure: true, root: join(__dirname, '../slaves'), scripts: { echo: 'echo.js' } };
  writeFileSync(join(folder, 'host.json'), JSON.stringify(config));
  const host = spawn(process.execPath, [COMMAND, 'host', '--config', join(folder, 'host.json')], { stdio: ['ignore', 'pipe', 'inherit'] });
  await once(host.stdout, 'data');
  const master = new Master();
  const cluster = await connect(master, { servers: address });
  const slave = master.createSlave('echo', { host: 'h1' });
  await slave.ready();
  return {
    do: async (value) => (await slave.exec('echo', value)).unwrap(),
    stream: async () => {
      let bytes = 0;
      for await (const chunk of slave.stream('chunks', CHUNKS)) bytes += chunk.length;
      strictEqual(bytes, CHUNKS * CHUNK);
    },
    end: async () => {
      await master.exit();
      await cluster.close();
      await kill(host);
    },
  };
}

async function moleculer({ address }) {
  const child = await startChild('moleculer-echo.js', address);
  const broker = new (peers('moleculer').ServiceBroker)({ nodeID: 'master', transporter: address, logger: false });
  await broker.start();
  await broker.waitForServices('bench');
  return {
    do: (value) => broker.call('bench.echo', { value }),
    end: async () => {
      await broker.stop();
      await kill(child);
    },
  };
}

const contestants = {
  'bare NATS': { kind: 'nats', group: 'bare', start: bare },
  'dist-io exec': { kind: 'nats', group: 'dist-io', start: distIo },
  moleculer: { kind: 'nats', group: 'peer', start: moleculer },
};

function checked({ do: ask }) {
  let sent = 0;
  return async () => {
    const value = sent++;
    strictEqual(await ask(value), value);
  };
}

/** In MB a second. */
async function throughput({ stream }) {
  const began = performance.now();
  await stream();
  return (CHUNKS * CHUNK) / 2 ** 20 / ((performance.now() - began) / 1000);
}

async function* cluster({ rounds, ms, withPeers }) {
  const folder = mkdtempSync(join(tmpdir(), 'dist-io-bench-'));
  const server = await startServer(folder);
  const started = {};
  for (const [name, { group, start }] of Object.entries(contestants))
    if (withPeers || group !== 'peer') started[name] = await start(server, folder);

  await inTurn(started, 1, (contestant) => rate(checked(contestant), 64, ms));
  const sorted = await inTurn(started, rounds, (contestant) => latencies(checked(contestant), ms));
  const medians = Object.entries(sorted).map(([name, all]) => [name, all.map((times) => quantile(times, 0.5))]);
  yield { name: 'a number, one at a time, median', unit: 'µs', isLessBetter: true, figures: Object.fromEntries(medians) };
  for (const inFlight of [64, 1000]) {
    const figures = await inTurn(started, rounds, (contestant) => rate(checked(contestant), inFlight, ms));
    yield { name: `a number, ${inFlight} in flight`, unit: 'answers a second', figures };
  }
  const streaming = Object.fromEntries(Object.entries(started).filter(([, { stream }]) => stream !== undefined));
  await inTurn(streaming, 1, throughput);
  yield { name: 'a stream of chunks of 64 KB', unit: 'MB a second', figures: await inTurn(streaming, rounds, throughput) };

  for (const { end } of Object.values(started)) await end();
  await server.end();
  rmSync(folder, { recursive: true, force: true });
}

module.exports = { contestants, cluster };
