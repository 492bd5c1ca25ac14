import type { Output, Runtime } from '../channel/channel';
import { flag, object, oneOf, type Read, readOptions, rule, type Rule, text } from '../rules';
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

/** The options of a master: defaults for the slaves that it creates. */
export type MasterOptions = Omit<SlaveOptions, 'alias'>;

/** The options with which a slave is created, the defaults filled in: durations in ms and sizes in bytes, `Infinity` for no limit. */
export interface EffectiveOptions {
  /** Where it runs. */
  runtime: Runtime;
  /** Its group; undefined is none. */
  group: string | undefined;
  /** What its file finds in `process.argv` from the third place on. */
  args: readonly string[];
  /** Environment variables on top of the master's. */
  env: Readonly<Record<string, string | undefined>>;
  /** The working directory of its process; undefined is the master's. */
  cwd: string | undefined;
  /** Options for Node; undefined are the master's. */
  execArgv: readonly string[] | undefined;
  /** What `ps` shows for its process; undefined is the command line. */
  title: string | undefined;
  /** Where its stdout goes. */
  stdout: Output;
  /** Where its stderr goes. */
  stderr: Output;
  /** How long a request may take, in ms. */
  timeout: number;
  /** Whether requests reject instead of resolving a response with an error. */
  catchAll: boolean;
  /** The most that one message may have, in bytes. */
  maxPayload: number;
  /** How long `exit()` waits before it uses force, in ms. */
  shutdown: number;
}

/** What a slave is created with. */
export type ResolvedOptions = EffectiveOptions & { alias: string | undefined };

const DEFAULTS: EffectiveOptions = {
  runtime: 'process',
  group: undefined,
  args: Object.freeze([]),
  env: Object.freeze({}),
  cwd: undefined,
  execArgv: undefined,
  title: undefined,
  stdout: 'inherit',
  stderr: 'inherit',
  timeout: Infinity,
  catchAll: false,
  maxPayload: 256 * 1024 * 1024,
  shutdown: 5000,
};

const isTexts = (value: unknown): value is readonly string[] => Array.isArray(value) && value.every((item) => typeof item === 'string');
const areTexts = rule('an array of texts', isTexts);
const texts = (value: unknown, option: string): readonly string[] => Object.freeze([...areTexts(value, option)]);
const variables = (value: unknown, option: string): EffectiveOptions['env'] => Object.freeze({ ...object(value, option) });

const isStream = (value: unknown): boolean => typeof (value as { write?: unknown } | null)?.write === 'function';
const named = ['inherit', 'ignore'];
const output = rule(
  `'inherit', 'ignore' or a stream`,
  (value): value is Output => named.includes(value as string) || isStream(value),
  named,
);

/** What a master takes. Arrays and objects are copied: what their owners do with them later changes no option. */
const MASTER_RULES = {
  runtime: oneOf<Runtime>('process', 'thread', 'inline'),
  group: text,
  args: texts,
  env: variables,
  cwd: text,
  execArgv: texts,
  title: text,
  stdout: output,
  stderr: output,
  timeout: toMilliseconds,
  catchAll: flag,
  maxPayload: toBytes,
  shutdown: toMilliseconds,
} satisfies Record<keyof MasterOptions, Rule>;

const SLAVE_RULES = { ...MASTER_RULES, alias: text } satisfies Record<keyof SlaveOptions, Rule>;

/** What was set on a master. */
export type MasterDefaults = Read<typeof MASTER_RULES>;

/** Lays options of a master over those that were set before; `undefined` takes one back. @throws TypeError */
export function readMasterOptions(options: MasterOptions, before?: MasterDefaults): MasterDefaults {
  return readOptions(options, MASTER_RULES, before);
}

/** Lays the options of a master over the library's defaults. */
export function effectiveOptions(defaults: MasterDefaults): EffectiveOptions {
  return { ...DEFAULTS, ...defaults };
}

/** Lays the slave's options over the master's over the library's defaults. @throws TypeError */
export function resolveOptions(own: SlaveOptions, defaults: MasterDefaults): ResolvedOptions {
  const given = readOptions(own, SLAVE_RULES);
  return { alias: undefined, ...effectiveOptions(defaults), ...given, env: { ...defaults.env, ...given.env } };
}
