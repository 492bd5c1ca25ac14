/** Options of Node that load or resolve modules, the only ones that a thread may inherit; all of them take a value. */
const LOADER_FLAGS = /^(-r|--require|--import|--loader|--experimental-loader|-C|--conditions)(=|$)/;

/** Options that say what to run, which for a slave is its file: their script, where they have one, is in `process._eval`. */
const ENTRY_FLAGS = /^(-e|--eval|-p|--print|-pe|-i|--interactive|--input-type(=.*)?|--test(-.*)?|--watch(-.*)?)$/;

/** ts-node puts its own script there, with what options it was given; a slave gets it as a loader. */
const TS_NODE_SCRIPT = /[\\/]ts-node[\\/]dist[\\/]bin[\w-]*\.js$/;

const INSPECT_FLAGS = /^--inspect(-brk|-wait|-port)?(=|$)/;

/** What a slave inherits of the options that the master was started with. */
export function inheritedExecArgv(runtime: 'process' | 'thread'): string[] {
  const script = process.execArgv.findIndex((option) => TS_NODE_SCRIPT.test(option));
  const options = script === -1 ? process.execArgv : process.execArgv.slice(0, script);
  return runtime === 'process' ? forProcess(options) : forThread(options);
}

/** A debugger is inherited, its port is not: each slave listens on a free one of its own, and none waits for it. */
function forProcess(execArgv: readonly string[]): string[] {
  const script = (process as { _eval?: string })._eval;
  const rest = execArgv.filter((option) => !INSPECT_FLAGS.test(option) && !ENTRY_FLAGS.test(option) && option !== script);
  const inspected = execArgv.some((option) => INSPECT_FLAGS.test(option)) || /--inspect/.test(process.env.NODE_OPTIONS ?? '');
  return inspected ? [...rest, '--inspect=127.0.0.1:0'] : rest;
}

function forThread(execArgv: readonly string[]): string[] {
  return execArgv.flatMap((option, i) => {
    if (!LOADER_FLAGS.test(option)) return [];
    return option.includes('=') ? [option] : [option, execArgv[i + 1]];
  });
}
