// One cell of the fault table, in a process of its own: `node cell.js <contestant> <moment> <fault>`. It sends what has become of its
// jobs to its parent: 'settled right', 'wrong error' or 'hangs'.
const { setTimeout: pause } = require('node:timers/promises');
const contestants = require('../pools/contestants');
const { FAULTS } = require('./faults');

const [contestant, moment, fault] = process.argv.slice(2);
const plain = { value: 'plain' };

/** In ms: what a blocked job may take, and after which a promise counts as hanging. */
const LIMIT = 1000;
const PATIENCE = 6000;

const effect = FAULTS[fault];
/** A harmless fault has no time limit: nothing should end its job. */
const limit = effect === 'block' ? LIMIT : undefined;

const settled = (promise) =>
  promise.then(
    (value) => ({ value }),
    (error) => ({ error }),
  );
const isValue = (outcome) => outcome.value === plain.value;
const isError = (outcome) => outcome.error instanceof Error;

/** Each gives the pool its jobs, and says for each whether it has settled as it should. */
const MOMENTS = {
  load: async (pool) => [isError(await settled(pool.do(plain)))],
  running: async (pool) => {
    const first = await settled(pool.do({ ...plain, fault, when: 'running' }, limit));
    const isRight = { none: isValue, either: (outcome) => isValue(outcome) || isError(outcome) }[effect] ?? isError;
    return [isRight(first), isValue(await settled(pool.do(plain)))];
  },
  queued: async (pool) => {
    const first = settled(pool.do({ ...plain, fault, when: 'running' }, limit));
    const queued = await Promise.all([1, 2, 3].map(() => settled(pool.do(plain))));
    await first;
    return queued.map(isValue);
  },
  idle: async (pool) => {
    await settled(pool.do({ ...plain, fault, when: 'idle' }));
    await pause(400);
    // The first finds a blocked worker, which its time limit ends.
    const first = await settled(pool.do(plain, limit));
    return [effect === 'block' || isValue(first), isValue(await settled(pool.do(plain)))];
  },
  'master SIGKILLed': async (pool) => {
    await pool.do(plain);
    void settled(pool.do({ ...plain, fault, when: 'running' }));
    await pause(200);
    process.kill(process.pid, 'SIGKILL');
  },
};

async function main() {
  const pool = await contestants[contestant].start(1);
  const patience = new AbortController();
  // Its timer keeps the program running: without a worker, nothing else may.
  const late = pause(PATIENCE, 'late', { signal: patience.signal }).catch(() => undefined);
  const verdicts = await Promise.race([MOMENTS[moment](pool), late]);
  patience.abort();
  const verdict = verdicts === 'late' ? 'hangs' : verdicts.every(Boolean) ? 'settled right' : 'wrong error';
  process.send(verdict, () => process.disconnect());
  await pool.end();
}

void main();
