import { createHash } from 'node:crypto';
import { readFileSync, realpathSync, statSync } from 'node:fs';
import { dirname, isAbsolute, relative, resolve } from 'node:path';
import { availableParallelism, hostname } from 'node:os';
import type { NodeConnectionOptions } from '@nats-io/transport-node';
import { boolean, integerFrom, nonEmptyString, object, type OptionReader, readOptions, satisfying } from '../option-rules';
import type { LabelCondition } from '../spawn/host-selector';
import { type Duration, type Size, toBytes, toMilliseconds } from '../units';
import { connectionOptions, CONNECTION_RULES, isLoopback, type NatsSettings } from './connection-options';
import type { ScriptInfo } from './host-messages';
import { isName } from './subjects';

/** What `host.json` holds: the configuration of a host. Paths are relative to its folder. */
export interface HostFile extends NatsSettings {
  /** The name of the host, unique: letters, digits, `-` and `_`. Default: the hostname of the machine. */
  name?: string;
  /** What masters can select the host by. Default: none. */
  labels?: Readonly<Record<string, LabelCondition>>;
  /** The folder that all scripts lie in. Default: the folder of the configuration. */
  root?: string;
  /** The scripts that masters may start, by the name that they use: the file, or the file and its version. */
  scripts: Readonly<Record<string, string | { file: string; version?: string }>>;
  /** How many slaves may run here, of all masters. Default: the number of processors. */
  maxSlaves?: number;
  /** How many of them may be those of one master. Default: all. */
  maxSlavesOfMaster?: number;
  /** How many slaves one master may start within a minute. Default: any number. */
  startsPerMinute?: number;
  /** How large the heap of a slave may grow: bytes or a string such as `'512mb'`. Default: what V8 chooses by the memory of the machine. */
  maxHeap?: Size;
  /** How long a host that drains waits for its slaves: ms or a string such as `'30s'`. It then ends them. Default: `'30s'`. */
  drainTimeout?: Duration;
  /** Which environment variables of the host its slaves get, besides PATH, HOME, TMPDIR, TZ, LANG and NODE_ENV. Default: none. */
  env?: readonly string[];
}

/** A script with its real path. */
export interface HostScript extends ScriptInfo {
  readonly file: string;
}

/** The configuration of a host, read and checked. */
export interface HostConfig {
  readonly name: string;
  readonly labels: Readonly<Record<string, LabelCondition>>;
  readonly scripts: Readonly<Record<string, HostScript>>;
  readonly maxSlaves: number;
  readonly maxSlavesOfMaster: number;
  readonly startsPerMinute: number;
  /** In bytes; undefined is V8's choice. */
  readonly maxHeap: number | undefined;
  readonly env: readonly string[];
  /** In ms. */
  readonly drainTimeout: number;
  readonly connection: NodeConnectionOptions;
}

const isStrings = (value: unknown): value is string[] => Array.isArray(value) && value.every((item) => typeof item === 'string');

const RULES = {
  ...CONNECTION_RULES,
  name: satisfying('letters, digits, - and _, at most 64', isName),
  labels: object,
  root: nonEmptyString,
  scripts: object,
  maxSlaves: integerFrom(1),
  maxSlavesOfMaster: integerFrom(1),
  startsPerMinute: integerFrom(1),
  maxHeap: toBytes,
  drainTimeout: toMilliseconds,
  env: satisfying('an array of names', isStrings),
  insecure: boolean,
} satisfies Record<keyof HostFile, OptionReader>;

/** Variables that programs need everywhere, and that are no secrets. */
const BASIC_ENV = ['PATH', 'HOME', 'TMPDIR', 'TZ', 'LANG', 'NODE_ENV', 'SystemRoot', 'TEMP', 'TMP'];

/**
 * Reads the configuration of a host.
 *
 * @param file its path
 * @throws TypeError for anything that is wrong, with what to do
 */
export function readHostConfig(file: string): HostConfig {
  const folder = dirname(resolve(file));
  const options = readOptions(parse(file), RULES);
  const { name, labels, root, scripts, maxSlaves, maxSlavesOfMaster, startsPerMinute, maxHeap, env, drainTimeout, ...nats } = options;
  if (scripts === undefined) throw new TypeError(`${file} has no scripts. Add "scripts": { "greeter": "greeter.js" }.`);
  checkSecurity(nats, file);
  const rootFolder = realpathSync(resolve(folder, root ?? '.'));
  return {
    name:
      name ??
      hostname()
        .replace(/[^\w-]/g, '-')
        .slice(0, 64),
    labels: (labels ?? {}) as HostConfig['labels'],
    scripts: Object.fromEntries(
      Object.entries(scripts as HostFile['scripts']).map(([id, script]) => [id, readScript(rootFolder, id, script)]),
    ),
    maxSlaves: maxSlaves ?? availableParallelism(),
    maxSlavesOfMaster: maxSlavesOfMaster ?? Infinity,
    startsPerMinute: startsPerMinute ?? Infinity,
    maxHeap,
    env: [...BASIC_ENV, ...(env ?? [])],
    drainTimeout: drainTimeout ?? 30_000,
    connection: connectionOptions(nats, folder),
  };
}

function parse(file: string): unknown {
  try {
    return JSON.parse(readFileSync(file, 'utf8'));
  } catch (error) {
    throw new TypeError(`${file} cannot be read: ${(error as Error).message}`, { cause: error });
  }
}

/** @throws TypeError */
function checkSecurity({ insecure, servers, tls, credentials, nkey }: NatsSettings, file: string): void {
  if (insecure === true) {
    if (isLoopback(servers)) return;
    throw new TypeError(
      `${file}: "insecure" is for loopback only, since everybody who reaches the server could start programs here. Use tls and credentials.`,
    );
  }
  const isAuthenticated = credentials !== undefined || nkey !== undefined || tls?.certFile !== undefined;
  if (tls === undefined || !isAuthenticated)
    throw new TypeError(
      `${file}: a host needs "tls", and one of "credentials" (JWT), "nkey" or a client certificate (tls.certFile, tls.keyFile). On loopback, "insecure": true does without.`,
    );
}

/** @throws TypeError for a file outside of the root, links followed */
function readScript(root: string, id: string, script: string | { file: string; version?: string }): HostScript {
  const { file, version } = typeof script === 'string' ? { file: script } : { version: undefined, ...script };
  let path: string;
  try {
    path = realpathSync(resolve(root, file));
  } catch {
    throw new TypeError(`The script '${id}' has no file ${resolve(root, file)}.`);
  }
  const fromRoot = relative(root, path);
  if (fromRoot.startsWith('..') || isAbsolute(fromRoot) || !statSync(path).isFile())
    throw new TypeError(`The script '${id}' is not a file within ${root}: ${path}.`);
  return { file: path, version: version ?? null, hash: hashOf(path) };
}

export function hashOf(path: string): string {
  return createHash('sha256').update(readFileSync(path)).digest('hex');
}
