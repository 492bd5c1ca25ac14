import { satisfies } from 'semver';
import { suits } from '../spawn/host-selector';
import type { RemoteChoice } from '../spawn/slave-file';
import { type HostStatus, PROTOCOL } from './host-messages';

/** `'spread'`: the host with the largest free share first. `'pack'`: the fullest host that still has room first. */
export type Placement = 'spread' | 'pack';

/** What a slave needs of its host. */
export interface Wanted extends RemoteChoice {
  readonly script: string;
  /** With the version `'same'`, the hash of the script of those that were started before; undefined for the first. */
  readonly hash: string | undefined;
}

/** The share of its slots that is free. */
const freeShare = ({ slaves, maxSlaves }: HostStatus): number => (maxSlaves - slaves) / maxSlaves;

/** The hosts that may run a script, in the order in which they are asked. */
export function candidates(hosts: readonly HostStatus[], wanted: Wanted, placement: Placement): HostStatus[] {
  const { script, host } = wanted;
  const sign = placement === 'spread' ? -1 : 1;
  return hosts
    .filter((status) => suits(host, status) && Object.hasOwn(status.scripts, script))
    .filter((status) => hasVersion(status, wanted))
    .filter(({ isDraining, protocols: [from, to] }) => !isDraining && from <= PROTOCOL && PROTOCOL <= to)
    .filter((status) => freeShare(status) > 0)
    .sort((a, b) => sign * (freeShare(a) - freeShare(b)) || a.name.localeCompare(b.name));
}

/** Prereleases are versions like others: a host that offers one is meant to be used. */
function hasVersion({ scripts }: HostStatus, { script, version, hash }: Wanted): boolean {
  const offered = scripts[script];
  if (version === undefined) return true;
  if (version === 'same') return hash === undefined || offered.hash === hash;
  return offered.version !== null && satisfies(offered.version, version, { includePrerelease: true });
}

/** Why there is no candidate, for the user. */
export function whyNone(hosts: readonly HostStatus[], wanted: Wanted): string {
  const { script, host, version } = wanted;
  const named = JSON.stringify(host);
  const suitable = hosts.filter((status) => suits(host, status));
  if (hosts.length === 0) return `no host answers. Start one: npx dist-io host --config host.json.`;
  if (suitable.length === 0) return `no host suits ${named}. There are: ${hosts.map(({ name }) => name).join(', ')}.`;
  const offering = suitable.filter(({ scripts }) => Object.hasOwn(scripts, script));
  if (offering.length === 0) {
    const offered = [...new Set(suitable.flatMap(({ scripts }) => Object.keys(scripts)))].join(', ');
    return `no host that suits ${named} offers the script '${script}'. They offer: ${offered}.`;
  }
  if (!offering.some((status) => hasVersion(status, wanted))) {
    const versions = offering.map(({ name, scripts }) => `${name} ${scripts[script].version ?? 'none'}`).join(', ');
    return `no host that suits ${named} offers the version ${version} of '${script}'. They offer: ${versions}.`;
  }
  return `each host that suits ${named} and offers '${script}' is full, draining, or speaks another version of the protocol. Run 'npx dist-io hosts' to see them.`;
}
