import type { NatsConnection } from '@nats-io/transport-node';
import { HostRefusedError, type HostRefusal } from '../errors';
import { performance } from '../performance';
import type { RemoteChoice } from '../spawn/slave-file';
import { askHosts } from './ask-hosts';
import { type HostStatus, parseObject, type StartReply, type StartRequest } from './host-messages';
import { candidates, type Placement, whyNone } from './placement';
import type { RemoteChannel, RemotePlace } from './remote-channel';
import { toHost } from './subjects';

/** In ms: how long a host may take to answer. */
const ANSWER = 5000;

/** In ms: how long what is known of the hosts is used to place slaves. */
const FRESH = 1000;

/** Finds a host for each slave. */
export class Placer {
  /** When the hosts were asked, and what they answered. */
  private discovery: { readonly at: number; readonly hosts: Promise<HostStatus[]> } | undefined;
  /** By script, the hash that those with the version `'same'` have, as long as one of them lives. */
  private readonly pins = new Map<string, { readonly hash: string; readonly channels: Set<RemoteChannel> }>();

  /** @param settings the name of the master, and which hosts are preferred */
  constructor(
    private readonly connection: NatsConnection,
    private readonly settings: { readonly name: string; readonly placement: Placement },
  ) {}

  /** Asks one host after the other. @returns the one that has taken it, or why none has */
  async place(channel: RemoteChannel, request: StartRequest, choice: RemoteChoice): Promise<RemotePlace | HostRefusedError> {
    const { script } = request;
    const { host, version } = choice;
    // Without a choice to make, nobody else is asked.
    const isNamed = typeof host === 'string' && host !== 'any' && version === undefined;
    const tried = new Set<string>();
    const began = performance.now();
    let last: HostRefusedError | undefined;
    for (;;) {
      const hosts = isNamed ? [] : await this.recentHosts();
      const wanted = { ...choice, script, hash: this.pins.get(script)?.hash };
      const next = isNamed ? undefined : candidates(hosts, wanted, this.settings.placement).find(({ name }) => !tried.has(name));
      const name = isNamed ? host : next?.name;
      if (name === undefined && this.discovery !== undefined && this.discovery.at < began) {
        // Slaves may have ended since the hosts were asked.
        this.discovery = undefined;
        continue;
      }
      if (name === undefined || tried.has(name)) return last ?? new HostRefusedError('no host', whyNone(hosts, wanted));
      tried.add(name);
      // Others that are placed before it has answered count with it.
      if (next !== undefined) next.slaves++;
      const hash = version === undefined ? null : (next?.scripts[script].hash ?? null);
      if (version === 'same' && hash !== null) this.pin(channel, script, hash);
      const reply = await this.ask(name, { ...request, hash });
      if (reply.accepted) return { host: name, instance: reply.instance, pid: reply.pid };
      last = new HostRefusedError(reply.reason, reply.detail, name);
    }
  }

  private pin(channel: RemoteChannel, script: string, hash: string): void {
    const pin = this.pins.get(script) ?? { hash, channels: new Set() };
    pin.channels.add(channel);
    this.pins.set(script, pin);
  }

  private async ask(host: string, request: StartRequest): Promise<StartReply> {
    const subject = toHost(host, this.settings.name, 'start');
    try {
      const { data } = await this.connection.request(subject, JSON.stringify(request), { timeout: ANSWER });
      return readReply(data, host);
    } catch (error) {
      if (this.connection.isClosed()) throw error;
      // It may have started the slave and its answer be lost.
      this.connection.publish(toHost(host, this.settings.name, 'gone', request.session));
      return refusal(
        'no host',
        `the host '${host}' does not answer (${(error as Error).message}). Run 'npx dist-io hosts' to see who is there.`,
      );
    }
  }

  /** A slave has ended. */
  release(channel: RemoteChannel): void {
    for (const [script, { channels }] of this.pins) if (channels.delete(channel) && channels.size === 0) this.pins.delete(script);
  }

  private recentHosts(): Promise<HostStatus[]> {
    const now = performance.now();
    if (this.discovery === undefined || now > this.discovery.at + FRESH) this.discovery = { at: now, hosts: askHosts(this.connection) };
    return this.discovery.hosts;
  }
}

const refusal = (reason: HostRefusal, detail: string): StartReply => ({ accepted: false, reason, detail });

function readReply(data: Uint8Array, host: string): StartReply {
  const { accepted, instance, pid, reason, detail } = parseObject(data) ?? {};
  if (accepted === true && typeof instance === 'string') return { accepted, instance, pid: typeof pid === 'number' ? pid : null };
  if (typeof reason === 'string' && typeof detail === 'string') return refusal(reason as HostRefusal, detail);
  return refusal('version', `the host '${host}' speaks another protocol. Install the same version of dist-io there.`);
}
