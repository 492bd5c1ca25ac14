/**
 * Runs in a new process or thread before the user's file, as a `--require` or an `--import`: so the user's file is the main module
 * and finds its own argv.
 */
import { pathToFileURL } from 'node:url';
import type { SlaveConfig } from '../channel/channel';
import { CONFIG_VARIABLE, connect, givenConfig } from '../channel/connect';
import { processSlave, slaveProxy } from './current-slave';
import { serve } from './task-server';
import { setImmediate } from '../platform';

const config = givenConfig();
// A process that the slave itself starts inherits the --require, but is no slave.
if (config !== undefined) start(config);

function start(config: SlaveConfig): void {
  delete process.env[CONFIG_VARIABLE];
  const at = process.execArgv.findIndex((option) => option === __filename || option === pathToFileURL(__filename).href);
  if (at > 0) process.execArgv.splice(at - 1, 2);
  // Of a thread's own title, Node 24 makes one that only the thread itself sees.
  const hasTitle = config.runtime === 'process';
  if (hasTitle && config.title !== null) process.title = config.title;
  const { title: givenTitle } = process;

  processSlave.config = config;
  if (!('self' in globalThis)) Object.defineProperty(globalThis, 'self', { value: slaveProxy, configurable: true, writable: true });

  const channel = connect(config);
  processSlave.givenData = channel.data;
  processSlave.applyOptions = ({ maxPayload, title = givenTitle }, previous) => {
    channel.setMaxPayload(maxPayload);
    // The script may have set one by itself, which shall stay.
    if (hasTitle && title !== (previous.title ?? givenTitle)) process.title = title;
  };
  process.on('exit', () => channel.flush());
  const reportCrash = (error: unknown): void => {
    try {
      channel.send({ type: 'crash', error });
    } catch {
      // Too large to be told; stderr has it.
    }
    channel.flush();
  };
  process.on('uncaughtExceptionMonitor', (error) => {
    // A script that catches everything lives on.
    if (process.listenerCount('uncaughtException') === 0) reportCrash(error);
  });
  // The first turn of the event loop: by then, a CommonJS main module has run.
  setImmediate(
    () =>
      void mainExports(config.file).then(
        (exports) => {
          processSlave.afterLoad?.(processSlave, exports);
          serve(processSlave, channel);
        },
        (error: unknown) => {
          reportCrash(error);
          // Node itself is about to end the process for the same reason, unless the script catches everything.
          setImmediate(() => process.exit(1));
        },
      ),
  );
}

/** Waits until the main module has loaded, top-level `await` included, and returns its exports. */
async function mainExports(file: string): Promise<unknown> {
  const main = require.cache[file];
  if (main?.loaded === true) return main.exports;
  // The module that Node is already loading as main, not a second one.
  return import(pathToFileURL(file).href);
}
