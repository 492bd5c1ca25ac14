// What a job does, in the worker of every contestant: it has a fault, or returns its value.
const faultActions = require('../../test/fixtures/fault-actions');

const FAULTS = faultActions(60);

/** @param {{ fault?: string, when?: 'running' | 'idle', value: unknown }} job */
async function run({ fault, when, value }) {
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

module.exports = { run, load };
