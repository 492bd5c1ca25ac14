// What a job does, in the worker of every contestant: it works, has a fault, or returns its value.
const faultActions = require('../../test/fixtures/fault-actions');

const FAULTS = faultActions(60);

/** By name: work that keeps a processor busy. The last two are those of poolifier's benchmarks, the one before of piscina's. */
const WORK = {
  spin: (rounds) => {
    let x = 1;
    for (let i = 0; i < rounds; i++) x = (x * 1103515245 + 12345) % 2147483648;
    return x;
  },
  add: (number) => number + number,
  factorial: (number) => (number === 0 ? 1 : WORK.factorial(number - 1) * number),
  stringify: (count) => {
    for (let a = 0; a < count; a++) JSON.stringify({ a });
    return count;
  },
};

/** @param {{ fault?: string, when?: 'running' | 'idle', work?: string, value: unknown }} job */
async function run({ fault, when, work, value }) {
  if (work !== undefined) return WORK[work](value);
  const happen = FAULTS[fault];
  if (when === 'idle') setTimeout(happen, 50);
  else happen?.();
  if (when === 'running') await new Promise((resolve) => setTimeout(resolve, 100));
  return value;
}

/** Called while the worker's file is loaded. */
function load() {
  const fault = process.env.FAULT_ON_LOAD;
  if (fault === 'throw') throw new TypeError('the file does not load');
  if (fault === 'exit') process.exit(1);
  if (fault === 'busy loop') for (;;);
}

module.exports = { WORK, run, load };
