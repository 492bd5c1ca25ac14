import type { HostSelector } from '../spawn/host-selector';
import { suits } from '../spawn/host-selector';
import { type HostStatus, PROTOCOL } from './host-messages';

/** `'spread'`: the host with the largest free share first. `'pack'`: the fullest host that still has room first. */
export type Placement = 'spread' | 'pack';

/** The share of its slots that is free. */
const freeShare = ({ slaves, maxSlaves }: HostStatus): number => (maxSlaves - slaves) / maxSlaves;

/** The hosts that may run a script, in the order in which they are asked. */
export function candidates(
  hosts: readonly HostStatus[],
  { script, host, placement }: { script: string; host: HostSelector; placement: Placement },
): HostStatus[] {
  const sign = placement === 'spread' ? -1 : 1;
  return hosts
    .filter((status) => suits(host, status) && Object.hasOwn(status.scripts, script))
    .filter(({ isDraining, protocols: [from, to] }) => !isDraining && from <= PROTOCOL && PROTOCOL <= to)
    .filter((status) => freeShare(status) > 0)
    .sort((a, b) => sign * (freeShare(a) - freeShare(b)) || a.name.localeCompare(b.name));
}

/** Why there is no candidate, for the user. */
export function whyNone(hosts: readonly HostStatus[], { script, host }: { script: string; host: HostSelector }): string {
  const named = JSON.stringify(host);
  const suitable = hosts.filter((status) => suits(host, status));
  if (hosts.length === 0) return `no host answers. Start one: npx dist-io host --config host.json.`;
  if (suitable.length === 0) return `no host suits ${named}. There are: ${hosts.map(({ name }) => name).join(', ')}.`;
  const offering = suitable.filter(({ scripts }) => Object.hasOwn(scripts, script));
  if (offering.length === 0) {
    const offered = [...new Set(suitable.flatMap(({ scripts }) => Object.keys(scripts)))].join(', ');
    return `no host that suits ${named} offers the script '${script}'. They offer: ${offered}.`;
  }
  return `each host that suits ${named} and offers '${script}' is full, draining, or speaks another version of the protocol. Run 'npx dist-io hosts' to see them.`;
}
