import { connect, type NatsConnection, type NodeConnectionOptions } from '@nats-io/transport-node';
import { type HostStatus, readStatus } from './host-messages';
import { HOSTS } from './subjects';

/** In ms: how long after the last answer no more hosts are expected to answer, and the longest that is waited for them. */
const STALL = 150;
const LONGEST = 2000;

/** Asks all hosts for their status. @throws the errors of NATS, as a rejection, when the connection is closed */
export async function askHosts(connection: NatsConnection): Promise<HostStatus[]> {
  const found: HostStatus[] = [];
  try {
    for await (const { data } of await connection.requestMany(HOSTS, '', { strategy: 'stall', stall: STALL, maxWait: LONGEST })) {
      const status = readStatus(data);
      if (status !== undefined) found.push(status);
    }
  } catch (error) {
    // Without any host, the server says that nobody responds.
    if (connection.isClosed()) throw error;
  }
  return found.sort((a, b) => a.name.localeCompare(b.name));
}

/** Does the same over a connection of its own, for programs that are no masters. */
export async function listHosts(options: NodeConnectionOptions): Promise<HostStatus[]> {
  const connection = await connect(options);
  try {
    return await askHosts(connection);
  } finally {
    await connection.close();
  }
}
