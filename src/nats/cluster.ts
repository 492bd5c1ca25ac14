import { type Msg, type NatsConnection, nuid } from '@nats-io/transport-node';
import type { OpenChannel, SpawnSpec } from '../channel/channel';
import { HostRefusedError, type HostRefusal } from '../errors';
import type { Master } from '../master/master';
import { performance } from '../performance';
import { setTimeout } from '../platform';
import type { RemoteChoice } from '../spawn/slave-file';
import { askHosts } from './ask-hosts';
import { type Beat, type HostStatus, parseObject, PROTOCOL, type StartReply, type StartRequest } from './host-messages';
import { candidates, type Placement, whyNone } from './placement';
import { RemoteChannel } from './remote-channel';
import { allOfMaster, parseSubject, toHost } from './subjects';

/** In ms: how long a host may take to answer. */
const ANSWER = 5000;

/** In ms: how long what is known of the hosts is used to place slaves. */
const FRESH = 1000;

/** After how many missing heartbeats a host is lost. */
export const MISSED_BEATS = 3;

/** A host that runs slaves of this master. */
class KnownHost {
  heardAt = performance.now();
  readonly channels = new Set<RemoteChannel>();
  /** Slaves that were given up while it could not be reached. */
  readonly givenUp = new Set<string>();

  constructor(readonly name: string) {}
}

/** The settings of a {@link Cluster}. */
export interface ClusterSettings {
  readonly name: string;
  /** In ms. */
  readonly heartbeat: number;
  readonly placement: Placement;
}

/** The hosts that a master can reach, and its slaves there. */
export class Cluster implements AsyncDisposable {
  private readonly hostsByName = new Map<string, KnownHost>();
  private readonly channels = new Map<string, RemoteChannel>();
  /** When the hosts were asked, and what they answered. */
  private discovery: { readonly at: number; readonly hosts: Promise<HostStatus[]> } | undefined;
  /** By script, the hash that those with the version `'same'` have, as long as one of them lives. */
  private readonly pins = new Map<string, { readonly hash: string; readonly channels: Set<RemoteChannel> }>();
  private beatTimer: NodeJS.Timeout | undefined;
  private checkedAt = 0;

  /** @internal */
  constructor(
    private readonly master: Master,
    private readonly connection: NatsConnection,
    private readonly settings: ClusterSettings,
  ) {
    connection.subscribe(allOfMaster(settings.name), {
      callback: (error, message) => {
        if (error === null) this.take(message);
      },
    });
    master.startRemoteBy((choice) => this.openOn(choice));
    void this.watchConnection();
  }

  /** The name of the master in the subjects of NATS. */
  get name(): string {
    return this.settings.name;
  }

  /** Asks all hosts what they offer and how busy they are. Waits until no more of them answer, at most two seconds. */
  hosts(): Promise<HostStatus[]> {
    return askHosts(this.connection);
  }

  /** Closes the connection. Slaves that still run on other machines are ended. */
  async close(): Promise<void> {
    this.master.startRemoteBy(undefined);
    for (const channel of [...this.channels.values()]) this.giveUp(channel, 'the connection of its master was closed');
    await this.connection.flush().catch(() => undefined);
    await this.connection.close();
  }

  /** Does the same as {@link close}, at the end of the block of `await using cluster = await connect(…)`. */
  async [Symbol.asyncDispose](): Promise<void> {
    await this.close();
  }

  private openOn(choice: RemoteChoice): OpenChannel {
    return (spec, listener) => {
      const channel = new RemoteChannel(nuid.next(), spec, listener, (ended) => this.forget(ended));
      this.channels.set(channel.session, channel);
      void this.start(channel, spec, choice);
      return channel;
    };
  }

  private async start(channel: RemoteChannel, { config, args }: SpawnSpec, choice: RemoteChoice): Promise<void> {
    const { file: script, id, alias, group, title, maxPayload, hasData } = config;
    const { session } = channel;
    const { heartbeat } = this.settings;
    const request = { protocol: PROTOCOL, session, script, hash: null, id, alias, group, title, args, maxPayload, hasData, heartbeat };
    const refusal = await this.place(channel, request, choice).catch(
      (error: unknown) => new HostRefusedError('no host', `the server cannot be reached: ${(error as Error).message}`),
    );
    if (refusal !== undefined) channel.refused(refusal);
  }

  /** Asks one host after the other. @returns why none has taken it */
  private async place(channel: RemoteChannel, request: StartRequest, choice: RemoteChoice): Promise<HostRefusedError | undefined> {
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
      if (reply.accepted) {
        this.accept(channel, name, reply);
        return undefined;
      }
      last = new HostRefusedError(reply.reason, reply.detail, name);
    }
  }

  private pin(channel: RemoteChannel, script: string, hash: string): void {
    const pin = this.pins.get(script) ?? { hash, channels: new Set() };
    pin.channels.add(channel);
    this.pins.set(script, pin);
  }

  private async ask(host: string, request: StartRequest): Promise<StartReply> {
    const subject = toHost(host, this.name, 'start');
    try {
      const { data } = await this.connection.request(subject, JSON.stringify(request), { timeout: ANSWER });
      return readReply(data, host);
    } catch (error) {
      if (this.connection.isClosed()) throw error;
      // It may have started the slave and its answer be lost.
      this.publish(toHost(host, this.name, 'gone', request.session));
      return refusal(
        'no host',
        `the host '${host}' does not answer (${(error as Error).message}). Run 'npx dist-io hosts' to see who is there.`,
      );
    }
  }

  private accept(channel: RemoteChannel, name: string, { instance, pid }: { instance: string; pid: number | null }): void {
    const { session } = channel;
    // It was killed meanwhile.
    if (!this.channels.has(session)) return this.publish(toHost(name, this.name, 'gone', session));
    const host = this.hostsByName.get(name) ?? new KnownHost(name);
    if (host.channels.size === 0) host.heardAt = performance.now();
    this.hostsByName.set(name, host);
    host.channels.add(channel);
    this.beatTimer ??= this.checkLater();
    const subject = toHost(name, this.name, 'packet', session);
    channel.accepted({ host: name, instance, pid }, (packet) => this.publish(subject, packet));
  }

  private forget(channel: RemoteChannel): void {
    this.channels.delete(channel.session);
    for (const [script, { channels }] of this.pins) if (channels.delete(channel) && channels.size === 0) this.pins.delete(script);
    this.hostsByName.get(channel.place?.host ?? '')?.channels.delete(channel);
    // After the packet that ended it is acknowledged.
    setTimeout(() => channel.close(), ANSWER).unref();
  }

  private recentHosts(): Promise<HostStatus[]> {
    const now = performance.now();
    if (this.discovery === undefined || now > this.discovery.at + FRESH) this.discovery = { at: now, hosts: this.hosts() };
    return this.discovery.hosts;
  }

  private take({ subject, data }: Msg): void {
    const { from, verb, session } = parseSubject(subject);
    if (verb === 'beat') return this.takeBeat(from, parseObject(data));
    const channel = this.channels.get(session ?? '');
    if (channel === undefined) {
      // It has ended, and its host does not know that this master knows.
      if (verb === 'packet') this.publish(toHost(from, this.name, 'gone', session));
    } else if (channel.place === undefined) channel.hold(from, data);
    else if (channel.place.host !== from) return;
    else if (verb === 'packet') channel.take(data);
    else if (verb === 'gone')
      this.giveUp(channel, 'its host does not run it any more, since it was restarted or could not reach this master');
  }

  /** A host that runs none of this master's slaves gets no answer, and ends those that it still has. */
  private takeBeat(name: string, beat: Partial<Beat> | undefined): void {
    const host = this.hostsByName.get(name);
    if (host === undefined || typeof beat?.number !== 'number') return;
    for (const session of host.givenUp) this.publish(toHost(name, this.name, 'gone', session));
    host.givenUp.clear();
    if (host.channels.size === 0) return;
    host.heardAt = performance.now();
    this.publish(toHost(name, this.name, 'beat'), JSON.stringify({ number: beat.number }));
    for (const channel of host.channels) if (channel.place?.instance !== beat.instance) this.giveUp(channel, 'its host was restarted');
  }

  private checkLater(): NodeJS.Timeout {
    this.checkedAt = performance.now();
    return setTimeout(() => this.check(), this.settings.heartbeat).unref();
  }

  private check(): void {
    const { heartbeat } = this.settings;
    const now = performance.now();
    // This program was blocked: it reads first what has arrived meanwhile.
    const wasBlocked = now - this.checkedAt > 2 * heartbeat;
    for (const host of this.hostsByName.values()) {
      if (host.channels.size === 0 || wasBlocked || now - host.heardAt <= MISSED_BEATS * heartbeat) continue;
      const detail = `its host has not been heard of for ${MISSED_BEATS} heartbeats of ${heartbeat} ms`;
      for (const channel of [...host.channels]) this.giveUp(channel, detail);
    }
    this.beatTimer = this.channels.size === 0 ? undefined : this.checkLater();
  }

  private giveUp(channel: RemoteChannel, detail: string): void {
    const host = this.hostsByName.get(channel.place?.host ?? '');
    if (host !== undefined) {
      host.givenUp.add(channel.session);
      this.publish(toHost(host.name, this.name, 'gone', channel.session));
    }
    channel.close();
    channel.lost(detail);
  }

  private publish(subject: string, data?: string | Uint8Array): void {
    if (!this.connection.isClosed()) this.connection.publish(subject, data);
  }

  private async watchConnection(): Promise<void> {
    for await (const { type } of this.connection.status()) {
      if (type === 'reconnect') for (const channel of this.channels.values()) channel.resend();
    }
    for (const channel of [...this.channels.values()]) channel.lost('the connection to the NATS server was closed');
  }
}

const refusal = (reason: HostRefusal, detail: string): StartReply => ({ accepted: false, reason, detail });

function readReply(data: Uint8Array, host: string): StartReply {
  const { accepted, instance, pid, reason, detail } = parseObject(data) ?? {};
  if (accepted === true && typeof instance === 'string') return { accepted, instance, pid: typeof pid === 'number' ? pid : null };
  if (typeof reason === 'string' && typeof detail === 'string') return refusal(reason as HostRefusal, detail);
  return refusal('version', `the host '${host}' speaks another protocol. Install the same version of dist-io there.`);
}
