// The benchmarks that peers have published, with dist-io added. Piscina's adds two numbers, with one job more than there are workers
// (https://github.com/piscinajs/piscina/blob/main/benchmark/simple-benchmark.js). Poolifier's run a function that computes a factorial or
// calls JSON.stringify a thousand times, and submit many jobs at once (https://github.com/poolifier/poolifier/tree/master/benchmarks).
const { availableParallelism } = require('node:os');
const contestants = require('../pools/pools');
const { inTurn, rate } = require('../measure');
const { WORK } = require('../pools/jobs');

const workers = availableParallelism();

const CASES = [
  { name: "piscina's simple benchmark", work: 'add', value: 5, inFlight: workers + 1 },
  { name: "poolifier's factorial, one at a time", work: 'factorial', value: 100, inFlight: 1 },
  { name: "poolifier's factorial, many at once", work: 'factorial', value: 100, inFlight: 1000 },
  { name: "poolifier's JSON, one at a time", work: 'stringify', value: 1000, inFlight: 1 },
  { name: "poolifier's JSON, many at once", work: 'stringify', value: 1000, inFlight: 1000 },
];

/** Runs a job and compares its result. */
const checked =
  (contestant, { work, value }, expected) =>
  async () => {
    const result = await contestant.work(work, value);
    if (result !== expected) throw new Error(`${work}: ${result} instead of ${expected}`);
  };

async function* published({ rounds, ms }) {
  const started = {};
  for (const [name, { start }] of Object.entries(contestants)) started[name] = await start(workers);
  for (const one of CASES) {
    const { name, work, value, inFlight } = one;
    const expected = WORK[work](value);
    const measure = (contestant) => rate(checked(contestant, one, expected), inFlight, ms);
    await inTurn(started, 1, measure);
    yield { name: `${name}, ${workers} workers`, unit: 'jobs a second', figures: await inTurn(started, rounds, measure) };
  }
  for (const { end } of Object.values(started)) await end();
}

module.exports = { contestants, published };
