import type { HostRefusal } from '../errors';
import type { LabelCondition } from '../spawn/host-selector';
import { isName } from './subjects';

/** The version of what masters and hosts say to each other. */
export const PROTOCOL = 1;

/** What a host tells of itself. */
export interface HostStatus {
  /** Unique among the hosts. */
  readonly name: string;
  /** Of this start of the host. */
  readonly instance: string;
  /** The version of dist-io. */
  readonly version: string;
  /** The versions of the protocol that it speaks, from and to. */
  readonly protocols: readonly [number, number];
  readonly labels: Readonly<Record<string, LabelCondition>>;
  /** The scripts that it offers, by name. */
  readonly scripts: Readonly<Record<string, ScriptInfo>>;
  /** The number of slaves that run there, of all masters. */
  /** Counted on by a master until it asks again. */
  slaves: number;
  readonly maxSlaves: number;
  /** The load average of the last minute, for each processor. */
  readonly load: number;
  /** Whether it is about to leave and takes no more slaves. */
  readonly isDraining: boolean;
}

/** A script that a host offers. */
export interface ScriptInfo {
  /** What its configuration says; null when it says nothing. */
  readonly version: string | null;
  /** The SHA-256 of the file, in hexadecimal. */
  readonly hash: string;
}

/** Asks a host for a slave. */
export interface StartRequest {
  readonly protocol: number;
  /** Names the slave in later messages. */
  readonly session: string;
  readonly script: string;
  /** The hash that the script must have; null is any. */
  readonly hash: string | null;
  readonly id: number;
  readonly alias: string | null;
  readonly group: string | null;
  readonly title: string | null;
  readonly args: readonly string[];
  /** In bytes; null is without limit. */
  readonly maxPayload: number | null;
  /** Whether the option `data` follows as the first message. */
  readonly hasData: boolean;
  /** In ms: how often the host and the master send each other a sign of life. */
  readonly heartbeat: number;
}

/** The host's answer to a {@link StartRequest}. */
export type StartReply =
  | { readonly accepted: true; readonly instance: string; readonly pid: number | null }
  | { readonly accepted: false; readonly reason: HostRefusal; readonly detail: string };

/** A sign of life. The master answers that of a host with its number. */
export interface Beat {
  readonly number: number;
  readonly instance?: string;
}

/** Decodes JSON of the network. @returns undefined if it is not an object */
export function parseObject(bytes: Uint8Array): Record<string, unknown> | undefined {
  try {
    const value: unknown = JSON.parse(Buffer.from(bytes).toString('utf8'));
    return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : undefined;
  } catch {
    return undefined;
  }
}

const isText = (value: unknown): value is string => typeof value === 'string' && value.length <= 1024;
const isOptionalText = (value: unknown): boolean => value === null || isText(value);
const isNumber = (value: unknown): value is number => typeof value === 'number' && Number.isFinite(value);

/** The number of arguments that a slave may be given. */
const MAX_ARGS = 256;

/** @returns undefined if it is not one */
export function readStartRequest(bytes: Uint8Array): StartRequest | undefined {
  const request = parseObject(bytes);
  if (request === undefined) return undefined;
  const { protocol, session, script, hash, id, alias, group, title, args, maxPayload, hasData, heartbeat } = request;
  const isValid =
    isNumber(protocol) &&
    isName(session) &&
    isText(script) &&
    Number.isSafeInteger(id) &&
    [hash, alias, group, title].every(isOptionalText) &&
    Array.isArray(args) &&
    args.length <= MAX_ARGS &&
    args.every(isText) &&
    (maxPayload === null || isNumber(maxPayload)) &&
    typeof hasData === 'boolean' &&
    isNumber(heartbeat);
  return isValid ? (request as unknown as StartRequest) : undefined;
}

/** @returns undefined if it is not one */
export function readStatus(bytes: Uint8Array): HostStatus | undefined {
  const status = parseObject(bytes);
  if (status === undefined) return undefined;
  const { name, instance, protocols, labels, scripts, slaves, maxSlaves } = status;
  const isValid =
    isName(name) &&
    isText(instance) &&
    Array.isArray(protocols) &&
    [labels, scripts].every((value) => typeof value === 'object' && value !== null) &&
    isNumber(slaves) &&
    isNumber(maxSlaves);
  return isValid ? (status as unknown as HostStatus) : undefined;
}
