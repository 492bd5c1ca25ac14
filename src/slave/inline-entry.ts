/** The entry of an inline slave, which shares the thread with its master. */
import { AsyncLocalStorage } from 'node:async_hooks';
import { pathToFileURL } from 'node:url';
import { types } from 'node:util';
import type { MasterChannel, SlaveConfig } from '../channel/channel';
import { processSlave, setCurrentSlaveResolver, slaveProxy } from './current-slave';
import { TaskServer } from './task-server';
import { Slave } from './slave';
import { NoTasksError } from '../errors';

const inlineSlaves = new AsyncLocalStorage<Slave>();
setCurrentSlaveResolver(() => inlineSlaves.getStore());
let count = 0;

/**
 * Starts a slave. Its file is loaded again for each slave, so that each has its own tasks and variables.
 *
 * @param target a class or an object with `@Task` methods, instead of a file
 */
export async function startInline(config: SlaveConfig, channel: MasterChannel, target?: object): Promise<void> {
  // A getter: code outside of inline slaves must not find a `self`.
  if (!('self' in globalThis))
    Object.defineProperty(globalThis, 'self', { get: () => inlineSlaves.getStore() && slaveProxy, configurable: true });
  const slave = new Slave();
  slave.attach({ config, data: channel.data, applyOptions: ({ maxPayload }) => channel.setMaxPayload(maxPayload) });
  await inlineSlaves.run(slave, async () => {
    const exports = target ?? (await load(config.file));
    processSlave.afterLoad?.(slave, exports);
    if (target !== undefined && slave.bootstrapped.size === 0) throw new NoTasksError(config.file);
    const receive: MasterChannel['receive'] = (handler) => channel.receive((message) => inlineSlaves.run(slave, handler, message));
    new TaskServer(slave, { ...channel, receive }).start();
  });
}

/** Files that turned out to be ES modules: `require` evaluates such a file only once. */
const modules = new Set<string>();

async function load(file: string): Promise<unknown> {
  if (/\.m[jt]s$/.test(file)) modules.add(file);
  if (typeof jest === 'object') return loadInJest(file);
  if (!modules.has(file)) {
    try {
      delete require.cache[file];
      // eslint-disable-next-line @typescript-eslint/no-require-imports
      const exports = require(file) as unknown;
      if (types.isModuleNamespaceObject(exports)) modules.add(file);
      return exports;
    } catch (error) {
      if (!['ERR_REQUIRE_ESM', 'ERR_REQUIRE_ASYNC_MODULE'].includes(String((error as NodeJS.ErrnoException).code))) throw error;
      modules.add(file);
    } finally {
      delete require.cache[file];
    }
  }
  return import(`${pathToFileURL(file).href}?dist-io-inline=${count++}`);
}

/** Defined by Jest in every module that it loads. */
declare const jest: { isolateModules(load: () => void): void; isolateModulesAsync(load: () => Promise<void>): Promise<void> } | undefined;

/** In Jest, `require` and `import()` are Jest's, and single modules cannot be removed from their cache. */
async function loadInJest(file: string): Promise<unknown> {
  let exports: unknown;
  try {
    // eslint-disable-next-line @typescript-eslint/no-require-imports
    jest?.isolateModules(() => (exports = require(file) as unknown));
  } catch (error) {
    if (String((error as NodeJS.ErrnoException).code) !== 'ERR_REQUIRE_ESM' && !(error instanceof SyntaxError)) throw error;
    await jest?.isolateModulesAsync(async () => void (exports = await import(file)));
  }
  return exports;
}
