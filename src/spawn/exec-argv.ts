import type { OptionFilter, RuntimeTraits } from '../channel/runtimes';
import { nameOf, type NodeOption, splitExecArgv, splitNodeOptions } from './node-options';

/** Options that choose the program. They are dropped, since a slave runs its own file. */
const PROGRAM = [
  ...['-e', '--eval', '-p', '--print', '-pe', '-i', '--interactive', '-c', '--check', '--input-type', '--entry-url', '--run'],
  ...['-h', '--help', '-v', '--version', '--v8-options', '--completion-bash', '--prof-process'],
  ...['--build-snapshot', '--build-snapshot-config', '--snapshot-blob', '--experimental-sea-config', '--build-sea'],
];

/** Runners of tests, benchmarks and restarts; the names of their other options begin with these. */
const RUNNER = /^--(experimental-)?(test|bench|watch)(-|$)/;

/** Options for the master alone: variables, which slaves inherit with the environment, the title, names of output files, its time limit. */
const OWN = [
  ...['--env-file', '--env-file-if-exists', '--title', '--cpu-prof-name', '--heap-prof-name'],
  ...['--process-timeout', '--report-on-process-timeout'],
];

const DEBUGGER = ['--inspect', '--inspect-brk', '--inspect-wait'];

/** Where a debugger listens: two processes cannot share a port. */
const DEBUGGER_PORT = ['--inspect-port', '--debug-port', '--inspect-brk-node'];

const DROPPED = new Set([...PROGRAM, ...OWN, ...DEBUGGER, ...DEBUGGER_PORT]);

/** ts-node puts its script and options into `execArgv`. They are dropped, since a slave gets ts-node as a loader. */
const TS_NODE_SCRIPT = /[\\/]ts-node[\\/]dist[\\/]bin[\w-]*\.js$/;

/** The options of the master that a slave inherits. */
export interface InheritedOptions {
  execArgv: readonly string[];
  /** For the environment; undefined when the master has none. */
  NODE_OPTIONS: string | undefined;
}

/** A debugger is inherited, its port is not: each slave process listens on a free one, and none waits for a client. */
export function inheritedOptions({ sharesProcess, optionFilter }: RuntimeTraits): InheritedOptions {
  const script = process.execArgv.findIndex((token) => TS_NODE_SCRIPT.test(token));
  const given = splitExecArgv(script === -1 ? process.execArgv : process.execArgv.slice(0, script));
  const variable = process.env.NODE_OPTIONS;
  const inVariable = splitNodeOptions(variable ?? '');
  const { suitsExecArgv, suitsVariable } = optionFilter?.() ?? ALL;

  const isInspected = !sharesProcess && [...given, ...inVariable].some((option) => DEBUGGER.includes(nameOf(option)));
  const kept = given.filter((option) => isForSlaves(option) && suitsExecArgv(option));
  const keptInVariable = inVariable.filter((option) => isForSlaves(option) && suitsVariable(option));
  return {
    execArgv: [...kept.flat(), ...(isInspected ? ['--inspect=127.0.0.1:0'] : [])],
    NODE_OPTIONS: variable === undefined ? undefined : keptInVariable.flat().join(' '),
  };
}

const ALL: OptionFilter = { suitsExecArgv: () => true, suitsVariable: () => true };

function isForSlaves(option: NodeOption): boolean {
  const name = nameOf(option).replace(/^--no-/, '--');
  return !DROPPED.has(name) && !RUNNER.test(name);
}
