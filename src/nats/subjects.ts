/**
 * The subjects of dist-io. Each one has the names of the host and of the master at fixed places, so that the permissions of a server can
 * allow each of them its own subjects only:
 *
 * - a host subscribes to `dist-io.host.<host>.>`, `dist-io.admin.<host>.>` and `dist-io.hosts`, and publishes to `dist-io.master.*.<host>.>` and
 *   `dist-io.hosts`
 * - who administers hosts publishes to `dist-io.admin.<host>.drain`
 * - a master subscribes to `dist-io.master.<master>.>`, and publishes to `dist-io.host.*.<master>.>` and `dist-io.hosts`
 */
const ROOT = 'dist-io';

/** Every host answers here with its {@link HostStatus}. */
export const HOSTS = `${ROOT}.hosts`;

/** Asks a host to drain. A subject of its own, since masters are not to end the hosts of others. */
export const drainOf = (host: string): string => `${ROOT}.admin.${host}.drain`;

/** What a master sends to a host: `start` a slave, a `beat`, a `packet` for a slave, or that a slave is `gone`, as far as it is concerned. */
export type HostVerb = 'start' | 'beat' | 'packet' | 'gone';

/** What a host sends to a master: a `beat`, a `packet` of a slave, or that a slave is `gone`. */
export type MasterVerb = 'beat' | 'packet' | 'gone';

export const toHost = (host: string, master: string, verb: HostVerb, session?: string): string => join('host', host, master, verb, session);
export const toMaster = (master: string, host: string, verb: MasterVerb, session?: string): string =>
  join('master', master, host, verb, session);
export const allOfHost = (host: string): string => `${ROOT}.host.${host}.>`;
export const allOfMaster = (master: string): string => `${ROOT}.master.${master}.>`;

/** Takes a subject of {@link toHost} or {@link toMaster} apart; `from` is the sender. */
export function parseSubject(subject: string): { from: string; verb: string; session: string | undefined } {
  const [, , , from = '', verb = '', session] = subject.split('.');
  return { from, verb, session };
}

function join(...parts: (string | undefined)[]): string {
  return [ROOT, ...parts].filter((part) => part !== undefined).join('.');
}

/** Whether a name of a host or a master can be a part of a subject. */
export function isName(value: unknown): value is string {
  return typeof value === 'string' && /^[\w-]{1,64}$/.test(value);
}
