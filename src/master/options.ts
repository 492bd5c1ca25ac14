import { quoted } from '../errors';
import type { Output, Runtime } from '../channel/channel';
import { type Duration, type Size, toBytes, toMilliseconds } from '../units';

/** How a slave is created. Every option may also stand in `new Master({...})`, as the default for its slaves, except `alias`. */
export interface SlaveOptions {
  /** Where it runs. Default: `'process'`. */
  runtime?: Runtime;
  /** A name for selecting it, unique among the living. Of several slaves, the second gets `name-1`, the third `name-2`. Default: none. */
  alias?: string;
  /** A group for selecting it together with others. Default: none. */
  group?: string;
  /** What its file finds in `process.argv` from the third place on. Default: nothing. */
  args?: readonly string[];
  /** Environment variables on top of the master's; one that is `undefined` is taken away. Default: the master's. */
  env?: Readonly<Record<string, string | undefined>>;
  /** The working directory of its process. Default: the master's. */
  cwd?: string;
  /** Options for Node, in place of those that the master itself was started with. */
  execArgv?: readonly string[];
  /** What `ps` shows for its process. Default: the command line. */
  title?: string;
  /** Where its stdout goes: `'inherit'`, `'ignore'` or a stream to write to. Default: `'inherit'`. */
  stdout?: Output;
  /** Where its stderr goes, likewise. Default: `'inherit'`. */
  stderr?: Output;
  /** How long a request may take: ms or a text such as `'5s'`; zero or less is for ever. Default: for ever. */
  timeout?: Duration;
  /** Reject instead of resolving a response with an error. Default: false. */
  catchAll?: boolean;
  /** The most that one message may have: bytes or a text such as `'64mb'`; zero or less is without limit. Default: `'256mb'`. */
  maxPayload?: Size;
  /**
   * How long `exit()`, or `kill` with another signal, waits before it uses force: ms or a text such as `'5s'`; zero or less is for
   * ever. Default: `'5s'`.
   */
  shutdown?: Duration;
}

/** The options of a slave, complete and in one unit each: ms and bytes. */
export interface ResolvedOptions {
  runtime: Runtime;
  alias: string | null;
  group: string | null;
  args: readonly string[];
  env: Readonly<Record<string, string | undefined>>;
  cwd: string | undefined;
  execArgv: readonly string[] | undefined;
  title: string | null;
  stdout: Output;
  stderr: Output;
  timeout: number;
  catchAll: boolean;
  maxPayload: number;
  shutdown: number;
}

const isText = (value: unknown): boolean => typeof value === 'string' && value !== '';
const isTexts = (value: unknown): boolean => Array.isArray(value) && value.every((item) => typeof item === 'string');
const isOutput = (value: unknown): boolean =>
  value === 'inherit' || value === 'ignore' || typeof (value as { write?: unknown } | null)?.write === 'function';

/** What each option must be, in words and as a test. */
const CHECKS: Record<keyof SlaveOptions, [must: string, test: (value: unknown) => boolean]> = {
  runtime: [`'process', 'thread' or 'inline'`, (value) => value === 'process' || value === 'thread' || value === 'inline'],
  alias: ['a text that is not empty', isText],
  group: ['a text that is not empty', isText],
  args: ['an array of texts', isTexts],
  env: ['an object', (value) => typeof value === 'object' && value !== null],
  cwd: ['a path', isText],
  execArgv: ['an array of texts', isTexts],
  title: ['a text that is not empty', isText],
  stdout: [`'inherit', 'ignore' or a stream`, isOutput],
  stderr: [`'inherit', 'ignore' or a stream`, isOutput],
  timeout: ['a duration', (value) => toMilliseconds(value as Duration, 'timeout') > 0],
  catchAll: ['true or false', (value) => typeof value === 'boolean'],
  maxPayload: ['a size', (value) => toBytes(value as Size, 'maxPayload') > 0],
  shutdown: ['a duration', (value) => toMilliseconds(value as Duration, 'shutdown') > 0],
};

/**
 * Lays the slave's options over the master's over the defaults.
 *
 * @throws TypeError for an option that does not exist or has a wrong value
 */
export function resolveOptions(own: SlaveOptions = {}, defaults: SlaveOptions = {}): ResolvedOptions {
  checkOptions(own);
  const given: SlaveOptions = { ...defaults, ...definedOnly(own) };
  return {
    runtime: given.runtime ?? 'process',
    alias: own.alias ?? null,
    group: given.group ?? null,
    args: given.args ?? [],
    env: { ...defaults.env, ...own.env },
    cwd: given.cwd,
    execArgv: given.execArgv,
    title: given.title ?? null,
    stdout: given.stdout ?? 'inherit',
    stderr: given.stderr ?? 'inherit',
    timeout: toMilliseconds(given.timeout ?? Infinity, 'timeout'),
    catchAll: given.catchAll ?? false,
    maxPayload: toBytes(given.maxPayload ?? '256mb', 'maxPayload'),
    shutdown: toMilliseconds(given.shutdown ?? '5s', 'shutdown'),
  };
}

/** @throws TypeError */
export function checkOptions(options: SlaveOptions): void {
  if (typeof options !== 'object' || (options as unknown) === null)
    throw new TypeError(`options must be an object, not ${quoted(options)}.`);
  for (const [name, value] of Object.entries(definedOnly(options))) {
    if (!Object.hasOwn(CHECKS, name))
      throw new TypeError(`There is no option '${name}'. The options are: ${Object.keys(CHECKS).join(', ')}.`);
    const [must, test] = CHECKS[name as keyof SlaveOptions];
    if (!test(value)) throw new TypeError(`The option '${name}' must be ${must}, not ${quoted(value)}.`);
  }
}

function definedOnly(options: SlaveOptions): SlaveOptions {
  return Object.fromEntries(Object.entries(options).filter(([, value]) => value !== undefined));
}
