import { availableParallelism } from 'node:os';
import { Master } from 'dist-io';
import type { Tasks } from './primes.js';

const LIMIT = 2_000_000;

const count = availableParallelism();
const slaves = Master.createSlaves<Tasks>(count, new URL('./primes.js', import.meta.url));

const size = LIMIT / count;
const responses = await Promise.all(
  slaves.map((slave, i) => slave.exec('count primes', { from: Math.ceil(i * size), to: Math.ceil((i + 1) * size) })),
);

for (const { from, value, error, duration } of responses) {
  console.log(`Slave ${from}: ${error ? error.message : `${value} primes`} (${Math.round(duration)} ms)`);
}
const total = responses.reduce((sum, response) => sum + response.unwrap(), 0);
console.log(`There are ${total} primes below ${LIMIT}.`);

await slaves.exit();
