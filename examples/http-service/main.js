// An HTTP service whose work is done by a pool of slaves. docs/production.md explains it.
//
//     node examples/http-service/main.js [--port 3000] [--slaves 2]
//
//     curl 'http://127.0.0.1:3000/primes?below=100000'
//     curl 'http://127.0.0.1:3000/health'
const { once } = require('node:events');
const { createServer } = require('node:http');
const { availableParallelism } = require('node:os');
const { parseArgs } = require('node:util');
const { Master: master, QueueFullError, RestartIntensityError, SlaveExitedError, TimeoutError } = require('dist-io');

const SLAVE = require.resolve('./slave.js');

const { values } = parseArgs({ options: { port: { type: 'string', default: '3000' }, slaves: { type: 'string' } } });
const pool = master.createPool(Number(values.slaves ?? availableParallelism()), SLAVE, { timeout: '30s', maxQueue: 100 });
let isEnding = false;

master.on('error', (slave, error) => console.error(error.message));
pool.on('health', ({ status }) => console.error(`the pool is ${status}`));

const server = createServer((request, response) => {
  const { pathname, searchParams } = new URL(request.url, 'http://localhost');
  if (pathname === '/health') return send(response, pool.health.status === 'failing' ? 503 : 200, health());
  if (pathname !== '/primes') return send(response, 404, { error: `There is no ${pathname}. Use /primes?below=1000 or /health.` });
  void countPrimes(Number(searchParams.get('below') ?? NaN), response);
});

async function countPrimes(below, response) {
  // A client that disconnects aborts its job, waiting or running.
  const disconnect = new AbortController();
  response.once('close', () => disconnect.abort());
  const { value, error, from, attempt } = await pool.do('count primes', below, { signal: disconnect.signal });
  if (error === null) send(response, 200, { below, primes: value, slave: from, attempt });
  else send(response, statusOf(error), { error: error.message, code: error.code });
}

function statusOf(error) {
  if (error instanceof RangeError) return 400;
  if (error instanceof TimeoutError) return 504;
  // The queue is full, no slave starts, or the service is ending: the client may come back.
  if (error instanceof QueueFullError || error instanceof RestartIntensityError || error instanceof SlaveExitedError) return 503;
  return 500;
}

function send(response, status, body) {
  response.writeHead(status, { 'content-type': 'application/json', ...(status === 503 && { 'retry-after': '1' }) });
  response.end(`${JSON.stringify(body)}\n`);
}

function health() {
  const slaves = pool.slaves.map(({ id, pid, pending }) => ({ id, pid, pending }));
  const { status, ready, starting, failing, restarts } = pool.health;
  return { status, ready, starting, failing, restarts, waiting: pool.waiting, running: pool.running, slaves };
}

/** Stops accepting, answers what was accepted, then ends the slaves. The process ends by itself. */
async function shutDown() {
  if (isEnding) return;
  isEnding = true;
  server.close();
  server.closeIdleConnections();
  await once(server, 'close');
  await pool.exit();
}

for (const signal of ['SIGINT', 'SIGTERM']) process.on(signal, shutDown);

server.listen(Number(values.port), '127.0.0.1', () => console.log(`listening on http://127.0.0.1:${server.address().port}`));
