/**
 * The entry of a new process or thread. It runs before the user's file, by `--require` or `--import`, so that the user's file is the main
 * module and has its own argv.
 */
import module from 'node:module';
import { pathToFileURL } from 'node:url';
import type { MasterChannel, SlaveConfig } from '../channel/channel';
import { CONFIG_VARIABLE, connect, givenConfig } from '../channel/connect';
import { processSlave, slaveProxy } from './current-slave';
import { TaskServer } from './task-server';
import { setImmediate } from '../platform';

const config = givenConfig();
// A process that the slave itself starts inherits the --require, but is not a slave.
if (config !== undefined) start(config);

function start(config: SlaveConfig): void {
  delete process.env[CONFIG_VARIABLE];
  removeFromExecArgv();
  cacheCompiledCode();
  const channel = connect(config);
  // In a thread, Node 24 has a title that only the thread itself sees.
  const hasTitle = !channel.sharesProcess;
  if (hasTitle && config.title !== null) process.title = config.title;
  const { title: initialTitle } = process;
  processSlave.attach({
    config,
    data: channel.data,
    applyOptions: ({ maxPayload, title = initialTitle }, previous) => {
      channel.setMaxPayload(maxPayload);
      // Only if the option has changed: a title that the script has set by itself stays.
      if (hasTitle && title !== (previous.title ?? initialTitle)) process.title = title;
    },
  });
  if (!('self' in globalThis)) Object.defineProperty(globalThis, 'self', { value: slaveProxy, configurable: true, writable: true });
  process.on('exit', () => channel.flush());
  process.on('uncaughtExceptionMonitor', (error) => {
    // A script with a listener for uncaught exceptions keeps running.
    if (process.listenerCount('uncaughtException') === 0) reportCrash(channel, error);
  });
  // In the first turn of the event loop: by then, a CommonJS main module has run.
  setImmediate(
    () =>
      void mainExports(config.file).then(
        (exports) => {
          processSlave.afterLoad?.(processSlave, exports);
          new TaskServer(processSlave, channel).start();
        },
        (error: unknown) => {
          reportCrash(channel, error);
          // Node itself ends the process for the same error, unless the script handles uncaught exceptions.
          setImmediate(() => process.exit(1));
        },
      ),
  );
}

/**
 * Lets V8 keep what it has compiled of the user's files, for the next slaves: a large dependency then loads in half the time. Since Node 22. It
 * would make coverage less precise.
 */
function cacheCompiledCode(): void {
  const { enableCompileCache } = module as { enableCompileCache?: () => void };
  if (process.env.NODE_V8_COVERAGE === undefined) enableCompileCache?.();
}

/** Removes the flag that loads this file, so that the program and the processes that it forks see only their own. */
function removeFromExecArgv(): void {
  const index = process.execArgv.findIndex((option) => option === __filename || option === pathToFileURL(__filename).href);
  if (index > 0) process.execArgv.splice(index - 1, 2);
}

function reportCrash(channel: MasterChannel, error: unknown): void {
  try {
    channel.send({ type: 'crash', error });
  } catch {
    // Too large to send; stderr has it.
  }
  channel.flush();
}

/** Waits until the main module has loaded, top-level `await` included, and returns its exports. */
async function mainExports(file: string): Promise<unknown> {
  const main = require.cache[file];
  if (main?.loaded === true) return main.exports;
  // The module that Node is already loading as main, not a second one.
  return import(pathToFileURL(file).href);
}
