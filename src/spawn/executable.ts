import { existsSync } from 'node:fs';
import { basename, resolve } from 'node:path';
import { connect, givenConfig } from '../channel/connect';
import { RUNTIMES } from '../channel/runtimes';
import type { ResolvedSlaveOptions } from './slave-options';

const INSTEAD = `Set the option execPath to the path of a Node executable, or use the option runtime: 'thread'.`;

/** The program of a slave process, and the variables with which it behaves as Node. */
export interface Executable {
  path: string;
  env: Readonly<Record<string, string>>;
}

/** @returns the executable, or the reason why there is none, for example that the program itself would be started again */
export function findExecutable({ execPath, runtime }: ResolvedSlaveOptions): Executable | string {
  if (RUNTIMES[runtime].sharesProcess) return { path: process.execPath, env: {} };
  if (execPath === undefined && isSingleExecutable()) {
    return `process.execPath is this program, a single executable application, and not Node. ${INSTEAD}`;
  }
  const given = execPath ?? process.execPath;
  // A name alone is looked up in PATH, by the system.
  const isName = given === basename(given);
  const path = isName ? given : resolve(given);
  if (!isName && !existsSync(path)) return `its executable ${path} does not exist. ${INSTEAD}`;
  // Without the variable, Electron starts the app once more.
  const isElectron = execPath === undefined && 'electron' in process.versions;
  return { path, env: isElectron ? { ELECTRON_RUN_AS_NODE: '1' } : {} };
}

/** Not by an `import` of node:sea, which some bundlers do not know: they would fail before dist-io can say that it must not be bundled. */
function isSingleExecutable(): boolean {
  return process.getBuiltinModule('node:sea').isSea();
}

/**
 * Ends this process if it was started as a slave and its executable has ignored Node's options: it runs the master's program again, whose
 * slaves would do the same, without end. There is no list of the executables that do so.
 */
export function endIfStartedAsSlave(): void {
  const config = givenConfig();
  if (config === undefined) return;
  const error = new Error(`the executable of its process is not Node: it has started the master's program once more. ${INSTEAD}`);
  const channel = connect(config);
  channel.send({ type: 'crash', error });
  channel.flush();
  process.exit(1);
}
