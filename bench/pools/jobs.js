// What a job does, in the worker of every contestant: it has a fault, or returns its value.
const { execSync } = require('node:child_process');
const { closeSync, openSync } = require('node:fs');

const FAULTS = {
  'exit 0': () => process.exit(0),
  'exit 7': () => process.exit(7),
  'uncaught throw': () => {
    setImmediate(() => {
      throw new TypeError('nobody catches it');
    });
  },
  'unhandled rejection': () => void Promise.reject(new TypeError('nobody handles it')),
  'V8 heap exhausted': () => {
    const hoard = [];
    for (;;) hoard.push(new Array(10_000).fill({}));
  },
  abort: () => process.abort(),
  'native crash': () => process.kill(process.pid, 'SIGSEGV'),
  SIGKILL: () => process.kill(process.pid, 'SIGKILL'),
  SIGTERM: () => process.kill(process.pid, 'SIGTERM'),
  SIGSTOP: () => process.kill(process.pid, 'SIGSTOP'),
  'busy loop': () => {
    for (;;);
  },
  'blocked in execSync': () => execSync('sleep 60'),
  'stdout flooded': () => {
    for (let i = 0; i < 1000; i++) process.stdout.write('x'.repeat(1000));
  },
  'file descriptors exhausted': () => {
    const open = [];
    try {
      for (;;) open.push(openSync('/dev/null', 'r'));
    } catch {
      setImmediate(() => open.forEach((fd) => closeSync(fd)));
    }
  },
};

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
