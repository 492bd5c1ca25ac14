import type { NatsConnection } from '@nats-io/transport-node';
import { Date, wallClock } from '../platform';
import type { HostStatus } from './host-messages';
import { HOSTS } from './subjects';

/** The name of hosts as a service of NATS. */
const SERVICE = 'dist-io-host';

/**
 * Makes a host visible to the tools of NATS, such as `nats micro ls`: it answers PING, INFO and STATS of the service protocol
 * (ADR-32 of NATS, https://github.com/nats-io/nats-architecture-and-design).
 */
export function serveServiceProtocol(connection: NatsConnection, status: () => HostStatus): void {
  const started = new Date(wallClock()).toISOString();
  const identity = (): object => {
    const { name, instance, version, labels } = status();
    const metadata = { host: name, ...Object.fromEntries(Object.entries(labels).map(([label, value]) => [label, String(value)])) };
    return { name: SERVICE, id: instance, version, metadata };
  };
  const endpoint = { name: 'hosts', subject: HOSTS, queue_group: '', metadata: {} };
  const answers = {
    PING: () => ({ type: 'io.nats.micro.v1.ping_response', ...identity() }),
    INFO: () => ({
      type: 'io.nats.micro.v1.info_response',
      ...identity(),
      description: 'Runs slaves of dist-io.',
      endpoints: [endpoint],
    }),
    STATS: () => ({
      type: 'io.nats.micro.v1.stats_response',
      ...identity(),
      started,
      endpoints: [
        { ...endpoint, num_requests: 0, num_errors: 0, last_error: '', processing_time: 0, average_processing_time: 0, data: status() },
      ],
    }),
  };
  for (const [verb, answer] of Object.entries(answers)) {
    for (const subject of [`$SRV.${verb}`, `$SRV.${verb}.${SERVICE}`, `$SRV.${verb}.${SERVICE}.${status().instance}`])
      connection.subscribe(subject, {
        callback: (error, message) => {
          if (error === null) message.respond(JSON.stringify(answer()));
        },
      });
  }
}
