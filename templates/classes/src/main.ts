import { availableParallelism } from 'node:os';
import { Master } from 'dist-io';
import type { PrimeCounter } from './prime-counter.js';

const LIMIT = 2_000_000;
const PARTS = 20;

const slaves = Master.createSlaves(availableParallelism(), new URL('./prime-counter.js', import.meta.url));
const counter = slaves.as<PrimeCounter>();

// Each call goes to the least busy slave.
const size = LIMIT / PARTS;
const counts = await Promise.all(Array.from({ length: PARTS }, (_, i) => counter.count({ from: i * size, to: (i + 1) * size })));
const total = counts.reduce((sum, count) => sum + count, 0);
console.log(`There are ${total} primes below ${LIMIT}.`);

await slaves.exit();
