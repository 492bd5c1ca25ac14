// The faults, and what each does to the worker that it happens in: `'death'`, `'block'` (its thread stays blocked), `'none'`
// (it goes on) or `'either'` (it may end, or ignore it).
exports.FAULTS = {
  'exit 0': 'death',
  'exit 7': 'death',
  'uncaught throw': 'death',
  'unhandled rejection': 'death',
  'V8 heap exhausted': 'death',
  abort: 'death',
  'native crash': 'death',
  SIGKILL: 'death',
  SIGTERM: 'either',
  SIGSTOP: 'block',
  'busy loop': 'block',
  'blocked in execSync': 'block',
  'stdout flooded': 'none',
  'file descriptors exhausted': 'none',
};

/** Each would hit the program itself, in which a thread runs. */
exports.OF_A_PROCESS = ['abort', 'native crash', 'SIGKILL', 'SIGTERM', 'SIGSTOP'];
