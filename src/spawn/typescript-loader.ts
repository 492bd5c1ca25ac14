import { existsSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { Runtime } from '../channel/channel';
import { inheritedOptions } from './exec-argv';

/** How a TypeScript file is made to start in a new process or thread. */
export interface Loader {
  execArgv: readonly string[];
  env: Readonly<Record<string, string>>;
}

const NO_LOADER: Loader = { execArgv: [], env: {} };

const TSX_FLAG = /\btsx\b/;

/**
 * ts-node, brought by such options: it shall not check the types of a slave, as it does not where it is brought by us. For ES
 * modules it has to, since without it writes CommonJS when the `module` of the tsconfig is new; but an error ends no slave.
 */
const TS_NODE_GIVEN = /\bts-node\b/;
const TS_NODE_FOR_MODULES = /\bts-node\/esm\b/;

/** Options for Node that bring another loader with them. */
const LOADER_FLAGS = /\b(ts-node|swc|esbuild|jiti|sucrase|babel)\b|--experimental-(strip|transform)-types/;

const TYPESCRIPT = /\.[cm]?tsx?$/;

/** Jest hands it to every module, and loads TypeScript by its own transforms. */
declare const jest: object | undefined;

/** Whether this very process, where inline slaves live, can load the file. */
export function canLoadInline(file: string): boolean {
  if (typeof jest === 'object') return true;
  // Not all of process.execArgv: code after --eval may mention a loader.
  const { execArgv, NODE_OPTIONS } = inheritedOptions('process');
  const given = [...execArgv, NODE_OPTIONS].join(' ');
  // eslint-disable-next-line @typescript-eslint/no-deprecated -- where ts-node and its like register themselves
  const isRegistered = require.extensions['.ts'] !== undefined;
  return !TYPESCRIPT.test(file) || isRegistered || LOADER_FLAGS.test(given) || TSX_FLAG.test(given) || nodeStripsTypes();
}

/**
 * The loader that a slave needs for its file: none for JavaScript or when the given options bring one; that of the master
 * when it runs under one; else one that is installed where the file is.
 *
 * @returns undefined when a loader is needed and none is there
 */
export function findLoader(
  file: string,
  runtime: Runtime,
  execArgv: readonly string[],
  nodeOptions: string | undefined,
): Loader | undefined {
  const given = [...execArgv, nodeOptions].join(' ');
  if (TS_NODE_FOR_MODULES.test(given)) return { execArgv: [], env: { TS_NODE_LOG_ERROR: 'true' } };
  if (TS_NODE_GIVEN.test(given)) return { execArgv: [], env: { TS_NODE_TRANSPILE_ONLY: 'true' } };
  const isGiven = LOADER_FLAGS.test(given) || (TSX_FLAG.test(given) && runtime !== 'thread');
  if (!TYPESCRIPT.test(file) || isGiven) return NO_LOADER;

  const running = (process as { [TS_NODE]?: TsNodeService })[TS_NODE];
  if (running !== undefined) {
    const register = resolveFrom(file, TRANSPILE_ONLY);
    if (register !== undefined) return tsNode(register, running.configFilePath);
  }
  const tsx = runtime === 'thread' ? tsxInThread(file) : tsxInProcess(file);
  if (tsx !== undefined) return tsx;
  const register = resolveFrom(file, TRANSPILE_ONLY);
  if (register !== undefined) return tsNode(register, nearestConfig(dirname(file)));
  if (nodeStripsTypes()) return NO_LOADER;
  return undefined;
}

function tsxInProcess(file: string): Loader | undefined {
  const tsx = resolveFrom(file, 'tsx');
  return tsx === undefined ? undefined : { execArgv: ['--import', pathToFileURL(tsx).href], env: {} };
}

/** In the threads of Node 20, tsx does nothing unless it is called: for CommonJS and for ES modules. */
function tsxInThread(file: string): Loader | undefined {
  const commonjs = resolveFrom(file, 'tsx/cjs');
  const api = resolveFrom(file, 'tsx/esm/api');
  if (commonjs === undefined || api === undefined) return undefined;
  // The twin of what a `require` finds, which itself cannot find its parts.
  const twin = pathToFileURL(api.replace(/\.cjs$/, '.mjs')).href;
  const modules = `import { register } from ${JSON.stringify(twin)}; register();`;
  return { execArgv: ['--require', commonjs, '--import', `data:text/javascript,${encodeURIComponent(modules)}`], env: {} };
}

/** Where ts-node leaves itself in a process that runs under it. */
const TS_NODE = Symbol.for('ts-node.register.instance');

interface TsNodeService {
  configFilePath?: string;
}

/** A slave that checked types would take seconds to start; the editor and the build check them. */
const TRANSPILE_ONLY = 'ts-node/register/transpile-only';

function tsNode(register: string, config: string | undefined): Loader {
  return { execArgv: ['--require', register], env: config === undefined ? {} : { TS_NODE_PROJECT: config } };
}

/** Looks where the file is, then where the program was started. */
function resolveFrom(file: string, request: string): string | undefined {
  for (const place of [() => file, () => join(process.cwd(), 'package.json')]) {
    try {
      return createRequire(place()).resolve(request);
    } catch {
      // Not installed there, or the working directory is deleted.
    }
  }
  return undefined;
}

function nearestConfig(directory: string): string | undefined {
  const config = join(directory, 'tsconfig.json');
  if (existsSync(config)) return config;
  return dirname(directory) === directory ? undefined : nearestConfig(dirname(directory));
}

/** Node's own: enough for a file without decorators. */
function nodeStripsTypes(): boolean {
  return Boolean((process.features as { typescript?: unknown }).typescript);
}
