import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { NO_CHANNEL, type SlaveChannel, type SlaveListener, type SpawnSpec } from '../channel/channel';
import { RUNTIMES, type RuntimeTraits } from '../channel/runtimes';
import { colorVariable } from './color-variable';
import { inheritedOptions } from './exec-argv';
import { endIfStartedAsSlave, findExecutable } from './executable';
import type { ResolvedSlaveOptions } from './slave-options';
import type { SlaveFile } from './slave-file';
import { canLoadInline, findLoader } from './typescript-loader';
import { nextTick } from '../platform';

/** A bundle of ES modules has no `__dirname`. */
const SLAVE_FOLDER = typeof __dirname === 'string' ? join(__dirname, '..', 'slave') : 'slave';

const BUNDLED = `dist-io is part of a bundle, without the files that its slaves start with. Make 'dist-io' an external of the bundler, as docs/bundlers.md shows.`;

const NO_FILE = `there is no such file. Relative paths are taken from the working directory. For a path from the calling file, use require.resolve('./slave.js') or new URL('./slave.js', import.meta.url).`;

/** Opens the channel to a new slave. A fault in its file or options is reported as its end, like any other failure to start. */
export function startSlave(id: number, file: SlaveFile, options: ResolvedSlaveOptions, listener: SlaveListener): SlaveChannel {
  endIfStartedAsSlave();
  if (file.openRemote !== undefined) return file.openRemote(baseSpec(id, file, options), listener);
  const traits = RUNTIMES[options.runtime];
  const entry = join(SLAVE_FOLDER, traits.sharesThread ? 'inline-entry.js' : 'entry.js');
  const executable = findExecutable(options);
  const fault = faultOf(file, options);
  if (fault !== undefined) return failedChannel(listener, fault);
  if (!existsSync(entry)) return failedChannel(listener, BUNDLED);
  if (typeof executable === 'string') return failedChannel(listener, executable);
  const settings = traits.sharesThread ? NO_SETTINGS : nodeSettings(file.path, traits, options);
  if (settings === undefined)
    return failedChannel(listener, 'it is TypeScript, and no loader is installed. Run: npm install --save-dev tsx');

  const start: SpawnSpec = {
    ...baseSpec(id, file, options),
    entry,
    execPath: executable.path,
    execArgv: settings.execArgv,
    env: { ...settings.env, ...executable.env },
    cwd: options.cwd,
  };
  return traits.load()(start, listener);
}

/** What does not depend on the machine. */
function baseSpec(id: number, file: SlaveFile, options: ResolvedSlaveOptions): SpawnSpec {
  return {
    config: {
      runtime: options.runtime,
      id,
      alias: options.alias ?? null,
      group: options.group ?? null,
      title: options.title ?? null,
      file: file.path,
      maxPayload: Number.isFinite(options.maxPayload) ? options.maxPayload : null,
      hasData: options.data !== undefined,
    },
    target: file.target,
    data: options.data,
    args: options.args,
    stdout: options.stdout,
    stderr: options.stderr,
    ...ELSEWHERE,
  };
}

/** The host of a slave on another machine chooses these itself. */
const ELSEWHERE = { entry: '', execPath: '', execArgv: [], env: {}, cwd: undefined };

function faultOf(file: SlaveFile, { cwd, runtime }: ResolvedSlaveOptions): string | undefined {
  if (!file.found) return NO_FILE;
  // Node would blame its own executable.
  if (cwd !== undefined && !existsSync(cwd)) return `its working directory ${cwd} does not exist.`;
  if (RUNTIMES[runtime].sharesThread && file.target === undefined && !canLoadInline(file.path)) {
    return 'it is TypeScript, which inline is loaded by the master itself. Start the master with tsx or ts-node.';
  }
  return undefined;
}

/** Node's options and environment variables for a slave. */
interface NodeSettings {
  execArgv: readonly string[];
  env: NodeJS.ProcessEnv;
}

const NO_SETTINGS: NodeSettings = { execArgv: [], env: {} };

/** @returns undefined when the file needs a loader and none is installed */
function nodeSettings(file: string, traits: RuntimeTraits, options: ResolvedSlaveOptions): NodeSettings | undefined {
  const inherited = inheritedOptions(traits);
  const execArgv = options.execArgv ?? inherited.execArgv;
  const env: NodeJS.ProcessEnv = { ...process.env, ...options.env };
  // A copy of the master's variable is not a choice for this slave.
  if (env.NODE_OPTIONS === process.env.NODE_OPTIONS) env.NODE_OPTIONS = inherited.NODE_OPTIONS;
  const loader = findLoader(file, traits, execArgv, env.NODE_OPTIONS);
  if (loader === undefined) return undefined;
  const added = { ...loader.env, ...colorVariable(options, env) };
  for (const [name, value] of Object.entries(added)) if (!(name in options.env)) env[name] = value;
  // Node would set a variable to the string 'undefined'.
  for (const name in env) if (env[name] === undefined) delete env[name];
  return { execArgv: [...loader.execArgv, ...execArgv], env };
}

function failedChannel(listener: SlaveListener, reason: string): SlaveChannel {
  nextTick(() => listener.end({ code: null, signal: null, stderrTail: '', error: new Error(reason) }));
  return NO_CHANNEL;
}
