/**
 * `dist-io/nats`: slaves on other machines, over NATS.
 *
 * On each machine, `npx dist-io host --config host.json` runs the slaves there; {@link connect} connects a master to all of them.
 */
import { connect as connectToNats, type NodeConnectionOptions, nuid } from '@nats-io/transport-node';
import type { Master } from '../master/master';
import type { MasterStatic } from '../master/default-master';
import { oneOf, readOptions, satisfying } from '../option-rules';
import { type Duration, toMilliseconds } from '../units';
import { Cluster } from './cluster';
import { PERSISTENT } from './connection-options';
import type { Placement } from './placement';
import { warnOfOldServer } from './server-version';
import { isName } from './subjects';

export { Cluster } from './cluster';
export type { HostFile } from './host-config';
export type { HostStatus, ScriptInfo } from './host-messages';
export type { Placement } from './placement';

/** The options of {@link connect}, besides those of NATS: `servers`, `tls`, `authenticator`, … */
export interface ClusterOptions {
  /** The name of the master in the subjects of NATS, unique: letters, digits, `-` and `_`. Default: a random one. */
  name?: string;
  /**
   * How often hosts and the master exchange a sign of life: ms or a string such as `'2s'`. A host is lost after three missing ones. Default: `'2s'`.
   */
  heartbeat?: Duration;
  /** Which of several suitable hosts gets a slave: the one with the largest free share, or the fullest one with room. Default: `'spread'`. */
  placement?: Placement;
}

const RULES = {
  name: satisfying('letters, digits, - and _, at most 64', isName),
  heartbeat: toMilliseconds,
  placement: oneOf('spread', 'pack'),
};

/**
 * Connects a master to the hosts of a NATS cluster. From then on, its slaves may have the option `host`.
 *
 * The connection keeps the program alive until it is closed. It is never given up: after an interruption, everything is sent again that has not
 * arrived. A host that is not heard of for three heartbeats is lost, and what its slaves had to answer settles with a `LinkLostError`.
 *
 * @param options those of NATS and the {@link ClusterOptions}, in one object
 * @throws TypeError for a wrong value
 * @throws the errors of NATS, as a rejection, when no server can be reached or it refuses the credentials
 * @example
 * ```ts
 * const cluster = await connect(master, { servers: 'nats://127.0.0.1:4222' });
 * const slave = master.createSlave('greeter', { host: 'h1' });
 * await cluster.close();
 * ```
 */
export async function connect(master: Master | MasterStatic, options: NodeConnectionOptions & ClusterOptions = {}): Promise<Cluster> {
  const { name, heartbeat, placement, ...nats } = options;
  const settings = {
    name: nuid.next(),
    heartbeat: 2000,
    placement: 'spread' as const,
    ...readOptions({ name, heartbeat, placement }, RULES),
  };
  const connection = await connectToNats({
    ...PERSISTENT,
    name: `dist-io master ${settings.name}`,
    inboxPrefix: `_INBOX.${settings.name}`,
    ...nats,
  });
  warnOfOldServer(connection);
  return new Cluster(master as Master, connection, settings);
}
