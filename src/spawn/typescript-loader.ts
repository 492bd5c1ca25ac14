import { existsSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { RUNTIMES, type RuntimeTraits } from '../channel/runtimes';
import { inheritedOptions } from './exec-argv';

/** Makes a TypeScript file start in a new process or thread. */
export interface Loader {
  execArgv: readonly string[];
  env: Readonly<Record<string, string>>;
}

const NO_LOADER: Loader = { execArgv: [], env: {} };

const TSX_FLAG = /\btsx\b/;

/**
 * ts-node in the options for Node. Its type check is switched off, as for our own loader. For ES modules it has to check, since otherwise
 * it writes CommonJS when the `module` of the tsconfig is a newer one; then an error of types is logged and ends no slave.
 */
const TS_NODE_GIVEN = /\bts-node\b/;
const TS_NODE_FOR_MODULES = /\bts-node\/esm\b/;

/** Options for Node that load another loader. */
const LOADER_FLAGS = /\b(ts-node|swc|esbuild|jiti|sucrase|babel)\b|--experimental-(strip|transform)-types/;

const TYPESCRIPT = /\.[cm]?tsx?$/;

/** Jest hands it to every module, and loads TypeScript by its own transforms. */
declare const jest: object | undefined;

/** Whether the master's process, where inline slaves run, can load the file. */
export function canLoadInline(file: string): boolean {
  if (typeof jest === 'object') return true;
  // Not all of process.execArgv: code after --eval may mention a loader.
  const { execArgv, NODE_OPTIONS } = inheritedOptions(RUNTIMES.process);
  const given = [...execArgv, NODE_OPTIONS].join(' ');
  // eslint-disable-next-line @typescript-eslint/no-deprecated -- where ts-node and its like register themselves
  const isRegistered = require.extensions['.ts'] !== undefined;
  return !TYPESCRIPT.test(file) || isRegistered || LOADER_FLAGS.test(given) || TSX_FLAG.test(given) || nodeStripsTypes();
}

/**
 * The loader that a slave needs for its file: none for JavaScript or when the given options load one; that of the master, when it runs
 * under ts-node; otherwise the one that is installed where the file is.
 *
 * @returns undefined when a loader is needed and none is installed
 */
export function findLoader(
  file: string,
  { sharesProcess }: RuntimeTraits,
  execArgv: readonly string[],
  nodeOptions: string | undefined,
): Loader | undefined {
  const given = [...execArgv, nodeOptions].join(' ');
  if (TS_NODE_FOR_MODULES.test(given)) return { execArgv: [], env: { TS_NODE_LOG_ERROR: 'true' } };
  if (TS_NODE_GIVEN.test(given)) return { execArgv: [], env: { TS_NODE_TRANSPILE_ONLY: 'true' } };
  const isGiven = LOADER_FLAGS.test(given) || (TSX_FLAG.test(given) && !sharesProcess);
  if (!TYPESCRIPT.test(file) || isGiven) return NO_LOADER;

  const running = (process as { [TS_NODE]?: TsNodeService })[TS_NODE];
  if (running !== undefined) {
    const register = resolveFrom(file, TRANSPILE_ONLY);
    if (register !== undefined) return tsNode(register, running.configFilePath);
  }
  const tsx = sharesProcess ? tsxInThread(file) : tsxInProcess(file);
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

/** In threads of Node 20, tsx has to be registered explicitly, for CommonJS and for ES modules. */
function tsxInThread(file: string): Loader | undefined {
  const commonjs = resolveFrom(file, 'tsx/cjs');
  const api = resolveFrom(file, 'tsx/esm/api');
  if (commonjs === undefined || api === undefined) return undefined;
  // The ES module beside the CommonJS one that `require` finds. The CommonJS one fails to load its own parts.
  const twin = pathToFileURL(api.replace(/\.cjs$/, '.mjs')).href;
  const modules = `import { register } from ${JSON.stringify(twin)}; register();`;
  return { execArgv: ['--require', commonjs, '--import', `data:text/javascript,${encodeURIComponent(modules)}`], env: {} };
}

/** The property of `process` under which ts-node registers itself. */
const TS_NODE = Symbol.for('ts-node.register.instance');

interface TsNodeService {
  configFilePath?: string;
}

/** Checking types would take seconds at each start; the editor and the build do it. */
const TRANSPILE_ONLY = 'ts-node/register/transpile-only';

function tsNode(register: string, config: string | undefined): Loader {
  return { execArgv: ['--require', register], env: config === undefined ? {} : { TS_NODE_PROJECT: config } };
}

/** Resolves from the file, then from the working directory. */
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

/** Node's own loader, which suffices for a file without decorators. */
function nodeStripsTypes(): boolean {
  return Boolean((process.features as { typescript?: unknown }).typescript);
}
