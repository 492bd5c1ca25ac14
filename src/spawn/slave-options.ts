import type { Output, Runtime } from '../channel/channel';
import { RUNTIMES } from '../channel/runtimes';
import { boolean, object, oneOf, type ReadOptions, readOptions, satisfying, type OptionReader, nonEmptyString } from '../option-rules';
import type { Batch } from '../protocol/batch';
import { encodeData } from '../protocol/slave-data';
import { MONITOR_DEFAULTS, MONITOR_RULES, type MonitorOptions, type ResolvedMonitorOptions } from '../supervision/monitor-options';
import { RESTART_DEFAULTS, RESTART_RULES, type ResolvedRestartOptions, type RestartOptions } from '../supervision/restart-options';
import { type Duration, type Size, toBytes, toMilliseconds } from '../units';
import { hostSelector, type HostSelector } from './host-selector';

/** The options of a new slave. All but `alias` and `data` may also be given to `new Master({...})`, as defaults for its slaves. */
export interface SlaveOptions extends RestartOptions, MonitorOptions {
  /** Where it runs. Default: `'process'`. */
  runtime?: Runtime;
  /**
   * On which other machine it runs, once `connect` of `dist-io/nats` has connected the master: the name of a host, several names, `'any'`, or
   * labels such as `{ gpu: true, cores: '>=8' }`. The file is then the name of a script that the host offers. Default: this machine.
   */
  host?: HostSelector;
  /**
   * Which version of the script, with `host`: a semver range such as `'^2'`, or `'same'`: the file that the first slave with this option got, by
   * its hash, so that a deployment does not mix two. Default: any.
   */
  version?: string;
  /**
   * A name to select it by, unique among the living slaves. Of several slaves, the second gets `name-1`, the third `name-2`. Default:
   * none.
   */
  alias?: string;
  /**
   * The value of `Slave.data` in its file, already while that loads: a snapshot of any value that can be sent. Other values throw a
   * `SerializationError` at once, values larger than `maxPayload` a `PayloadTooLargeError`. Default: undefined.
   */
  data?: unknown;
  /** A group to select it by, together with others. Default: none. */
  group?: string;
  /** The elements of `process.argv` in the slave, from the third on. Default: nothing. */
  args?: readonly string[];
  /** Environment variables on top of the master's; one that is `undefined` is removed. Default: the master's. */
  env?: Readonly<Record<string, string | undefined>>;
  /** The working directory of its process. Default: the master's. */
  cwd?: string;
  /**
   * The Node executable of its process. Default: `process.execPath`, as Node under Electron; an error in a single executable application.
   */
  execPath?: string;
  /** Options for Node. Default: those of the master that suit a slave. */
  execArgv?: readonly string[];
  /** The name that `ps` shows for its process. Default: the command line. */
  title?: string;
  /** Where its stdout goes: `'inherit'`, `'ignore'` or a stream to write to. Default: `'inherit'`. */
  stdout?: Output;
  /** Where its stderr goes: `'inherit'`, `'ignore'` or a stream to write to. Default: `'inherit'`. */
  stderr?: Output;
  /**
   * How long its file may take to load: ms or a string such as `'5s'`; zero or less is without limit. A slave that takes longer is ended, with a
   * `SpawnError`. Default: `'30s'`.
   */
  startTimeout?: Duration;
  /** How long a request may take: ms or a string such as `'5s'`; zero or less is without limit. Default: without limit. */
  timeout?: Duration;
  /** Reject instead of resolving a response with an error. Default: false. */
  rejectOnError?: boolean;
  /**
   * Adds the lines of the caller to the stacks of dist-io's own errors, such as a `TimeoutError`. It costs some µs for each request.
   * Default: false.
   */
  callerStack?: boolean;
  /** How many requests the slave gets at one time; the others wait in the master. Default: `Infinity`. */
  concurrency?: number;
  /** How many requests may be pending, the waiting ones included; one more gets a `QueueFullError`. Default: `Infinity`. */
  maxPending?: number;
  /**
   * How much may be sent to the slave and not be answered yet: bytes or a string such as `'64mb'`; zero or less is without limit. Once it is
   * reached, a request gets a `QueueFullError`. It bounds the memory of a master whose slave has stalled. Default: without limit.
   */
  maxPendingBytes?: Size;
  /** The largest size of one message: bytes or a string such as `'64mb'`; zero or less is without limit. Default: `'256mb'`. */
  maxPayload?: Size;
  /**
   * How long `exit()`, or `kill` with another signal, waits before it uses force: ms or a string such as `'5s'`; `'infinity'`, or zero or
   * less, is without limit. With `'brutal_kill'`, `exit()` kills at once. Default: `'5s'`.
   */
  shutdown?: Duration;
  /**
   * Lets the program end while the slave is idle: only while it loads, has pending requests or is ending does it keep the program alive.
   * It ends with the program. Default: false; a living slave keeps the program alive.
   */
  unref?: boolean;
}

/** The options of a master: defaults for the slaves that it creates. */
export type MasterOptions = Omit<SlaveOptions, 'alias' | 'data'>;

/** The options with which a slave is created, the defaults filled in: durations in ms and sizes in bytes, `Infinity` for no limit. */
export interface ResolvedOptions extends ResolvedRestartOptions, ResolvedMonitorOptions {
  /** Where it runs. */
  runtime: Runtime;
  /** On which other machine it runs; undefined is this one. */
  host: HostSelector | undefined;
  /** Which version of the script it runs there; undefined is any. */
  version: string | undefined;
  /** Its group; undefined is none. */
  group: string | undefined;
  /** The elements of `process.argv` in the slave, from the third on. */
  args: readonly string[];
  /** Environment variables on top of the master's. */
  env: Readonly<Record<string, string | undefined>>;
  /** The working directory of its process; undefined is the master's. */
  cwd: string | undefined;
  /** The Node executable of its process; undefined is `process.execPath`. */
  execPath: string | undefined;
  /** Options for Node; undefined are the master's. */
  execArgv: readonly string[] | undefined;
  /** The name that `ps` shows for its process; undefined is the command line. */
  title: string | undefined;
  /** Where its stdout goes. */
  stdout: Output;
  /** Where its stderr goes. */
  stderr: Output;
  /** How long its file may take to load, in ms. */
  startTimeout: number;
  /** How long a request may take, in ms. */
  timeout: number;
  /** Whether requests reject instead of resolving a response with an error. */
  rejectOnError: boolean;
  /** Whether the stacks of dist-io's own errors have the lines of the caller. */
  callerStack: boolean;
  /** How many requests it gets at one time; the others wait. */
  concurrency: number;
  /** How many requests may be pending. */
  maxPending: number;
  /** How much may be sent and not be answered, in bytes. */
  maxPendingBytes: number;
  /** The largest size of one message, in bytes. */
  maxPayload: number;
  /** How long `exit()` waits before it uses force, in ms; `'brutal_kill'`: not at all. */
  shutdown: number | 'brutal_kill';
  /** Whether the program may end while it is idle. */
  unref: boolean;
}

/** The options of a new slave, the defaults filled in. */
export type ResolvedSlaveOptions = ResolvedOptions & { alias: string | undefined; data: Batch | undefined };

const DEFAULTS: ResolvedOptions = {
  runtime: 'process',
  host: undefined,
  version: undefined,
  group: undefined,
  args: Object.freeze([]),
  env: Object.freeze({}),
  cwd: undefined,
  execPath: undefined,
  execArgv: undefined,
  title: undefined,
  stdout: 'inherit',
  stderr: 'inherit',
  startTimeout: 30_000,
  timeout: Infinity,
  rejectOnError: false,
  callerStack: false,
  concurrency: Infinity,
  maxPending: Infinity,
  maxPendingBytes: Infinity,
  maxPayload: 256 * 1024 * 1024,
  shutdown: 5000,
  unref: false,
  ...RESTART_DEFAULTS,
  ...MONITOR_DEFAULTS,
};

const isStrings = (value: unknown): value is readonly string[] => Array.isArray(value) && value.every((item) => typeof item === 'string');
const stringArray = satisfying('an array of strings', isStrings);
const strings = (value: unknown, option: string): readonly string[] => Object.freeze([...stringArray(value, option)]);
const variables = (value: unknown, option: string): ResolvedOptions['env'] => Object.freeze({ ...object(value, option) });

const isStream = (value: unknown): boolean => typeof (value as { write?: unknown } | null)?.write === 'function';
const named = ['inherit', 'ignore'];
const output = satisfying(
  `'inherit', 'ignore' or a stream`,
  (value): value is Output => named.includes(value as string) || isStream(value),
  named,
);

const count = satisfying(
  'a whole number of at least 1, or Infinity',
  (value): value is number => value === Infinity || (Number.isSafeInteger(value) && (value as number) >= 1),
);

const shutdown = (value: Duration, option: string): number | 'brutal_kill' => {
  if (value === 'brutal_kill') return value;
  return value === 'infinity' ? Infinity : toMilliseconds(value, option);
};

/** The options of a master. Arrays and objects are copied, so that changing them later changes no option. */
const MASTER_RULES = {
  runtime: oneOf(...(Object.keys(RUNTIMES) as Runtime[])),
  host: hostSelector,
  version: nonEmptyString,
  group: nonEmptyString,
  args: strings,
  env: variables,
  cwd: nonEmptyString,
  execPath: nonEmptyString,
  execArgv: strings,
  title: nonEmptyString,
  stdout: output,
  stderr: output,
  startTimeout: toMilliseconds,
  timeout: toMilliseconds,
  rejectOnError: boolean,
  callerStack: boolean,
  concurrency: count,
  maxPending: count,
  maxPendingBytes: toBytes,
  maxPayload: toBytes,
  shutdown,
  unref: boolean,
  ...RESTART_RULES,
  ...MONITOR_RULES,
} satisfies Record<keyof MasterOptions, OptionReader>;

const anything = (value: unknown): unknown => value;

/** The options of a slave. */
export const SLAVE_RULES = { ...MASTER_RULES, alias: nonEmptyString, data: anything } satisfies Record<keyof SlaveOptions, OptionReader>;

/** The options that were set on a master. */
export type MasterDefaults = ReadOptions<typeof MASTER_RULES>;

/** Merges options of a master over the previous ones; `undefined` removes one. @throws TypeError */
export function readMasterOptions(options: MasterOptions, previous?: MasterDefaults): MasterDefaults {
  return readOptions(options, MASTER_RULES, previous);
}

/** Merges the options of a master over the library's defaults. */
export function resolveMasterOptions(defaults: MasterDefaults): ResolvedOptions {
  return { ...DEFAULTS, ...defaults };
}

/**
 * Merges the slave's options over the master's over the library's defaults.
 *
 * @throws TypeError
 * @throws SerializationError, PayloadTooLargeError for data that cannot be sent
 */
export function resolveOptions(options: SlaveOptions, defaults: MasterDefaults): ResolvedSlaveOptions {
  const { data, ...given } = readOptions(options, SLAVE_RULES);
  const resolved = { alias: undefined, ...resolveMasterOptions(defaults), ...given, env: { ...defaults.env, ...given.env } };
  if (resolved.host !== undefined) refuseLocalOptions(options);
  else if (options.version !== undefined) throw new TypeError("'version' needs 'host': on this machine, the file itself is the version.");
  return {
    ...resolved,
    data: data === undefined ? undefined : encodeData(data, resolved.maxPayload, RUNTIMES[resolved.runtime].sharesProcess),
  };
}

/** Options that only make sense on this machine. */
const LOCAL = ['cwd', 'env', 'execPath', 'execArgv'] as const;

/** @throws TypeError */
function refuseLocalOptions(options: SlaveOptions): void {
  const refused = LOCAL.find((name) => options[name] !== undefined);
  if (refused !== undefined)
    throw new TypeError(`${refused} is not for a slave on another machine: the configuration of its host decides it. Remove it or 'host'.`);
  if (options.runtime !== undefined && RUNTIMES[options.runtime].sharesProcess)
    throw new TypeError(
      `A slave on another machine runs in a process of its own, not as '${options.runtime}'. Remove 'runtime' or 'host'.`,
    );
}
