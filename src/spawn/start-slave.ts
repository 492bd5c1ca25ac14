import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type { OpenChannel, Runtime, SlaveChannel, SlaveListener, SpawnSpec } from '../channel/channel';
import { inheritedExecArgv } from './exec-argv';
import type { ResolvedSlaveOptions } from './slave-options';
import type { SlaveFile } from './slave-file';
import { canLoadInline, findLoader } from './typescript-loader';

/* eslint-disable @typescript-eslint/no-require-imports -- a master loads only the worlds that it uses */
const CHANNELS: Record<Runtime, () => OpenChannel> = {
  process: () => (require('../channel/process-channel') as typeof import('../channel/process-channel')).openProcess,
  thread: () => (require('../channel/thread-channel') as typeof import('../channel/thread-channel')).openThread,
  inline: () => (require('../channel/inline-channel') as typeof import('../channel/inline-channel')).openInline,
};
/* eslint-enable @typescript-eslint/no-require-imports */

const SLAVE_FOLDER = join(__dirname, '..', 'slave');

/** Opens the channel to a new slave. What is wrong with its file is told as its end, like any other fault of starting. */
export function startSlave(id: number, file: SlaveFile, options: ResolvedSlaveOptions, listener: SlaveListener): SlaveChannel {
  if (!file.found) return failedChannel(listener, 'there is no such file. Relative paths are taken from the working directory.');
  // Node would say that it is its own program that is missing.
  if (options.cwd !== undefined && !existsSync(options.cwd))
    return failedChannel(listener, `its working directory ${options.cwd} does not exist.`);

  if (options.runtime === 'inline' && !canLoadInline(file.path)) {
    return failedChannel(listener, 'it is TypeScript, which inline is loaded by the master itself. Start the master with tsx or ts-node.');
  }

  const env: NodeJS.ProcessEnv = { ...process.env, ...options.env };
  let execArgv: readonly string[] = [];
  if (options.runtime !== 'inline') {
    execArgv = options.execArgv ?? inheritedExecArgv(options.runtime);
    const loader = findLoader(file.path, options.runtime, execArgv, env.NODE_OPTIONS);
    if (loader === undefined)
      return failedChannel(listener, 'it is TypeScript, and no loader is installed. Run: npm install --save-dev tsx');
    execArgv = [...loader.execArgv, ...execArgv];
    // Above both is what this slave is given.
    Object.assign(env, loader.env, options.env);
  }
  // A thread would find the text 'undefined'.
  for (const name in env) if (env[name] === undefined) delete env[name];

  const start: SpawnSpec = {
    entry: join(SLAVE_FOLDER, options.runtime === 'inline' ? 'inline-entry.js' : 'entry.js'),
    config: {
      runtime: options.runtime,
      id,
      alias: options.alias ?? null,
      group: options.group ?? null,
      title: options.title ?? null,
      file: file.path,
      maxPayload: Number.isFinite(options.maxPayload) ? options.maxPayload : null,
    },
    args: options.args,
    execArgv,
    env,
    cwd: options.cwd,
    stdout: options.stdout,
    stderr: options.stderr,
  };
  return CHANNELS[options.runtime]()(start, listener);
}

function failedChannel(listener: SlaveListener, reason: string): SlaveChannel {
  process.nextTick(() => listener.end({ code: null, signal: null, stderrTail: '', error: new Error(reason) }));
  return { pid: undefined, send: () => undefined, kill: () => undefined };
}
