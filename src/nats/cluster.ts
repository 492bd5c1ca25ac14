import { type Msg, type NatsConnection, nuid } from '@nats-io/transport-node';
import type { OpenChannel, SpawnSpec } from '../channel/channel';
import { HostRefusedError } from '../errors';
import type { DurableOptions, DurablePool, DurableQueue } from '../master/durable';
import type { Master } from '../master/master';
import type { Workpool } from '../patterns/workpool/workpool';
import { performance } from '../performance';
import { setTimeout } from '../platform';
import type { AnyTasks } from '../requests/task-types';
import type { RemoteChoice } from '../spawn/slave-file';
import { askHosts } from './ask-hosts';
import { readDurableOptions } from './durable/durable-options';
import { StoredPool } from './durable/stored-pool';
import { StoredQueue } from './durable/stored-queue';
import { type Beat, type HostStatus, parseObject, PROTOCOL } from './host-messages';
import type { Placement } from './placement';
import { Placer } from './placer';
import { RemoteChannel, type RemotePlace } from './remote-channel';
import { allOfMaster, parseSubject, toHost } from './subjects';

/** In ms: how long the link of a slave that has ended goes on acknowledging. */
const CLOSING = 5000;

/** After how many missing heartbeats a host is lost. */
const MISSED_BEATS = 3;

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
  private readonly placer: Placer;
  private beatTimer: NodeJS.Timeout | undefined;
  private checkedAt = 0;
  private readonly durablePools = new Set<StoredPool>();

  /** @internal */
  constructor(
    private readonly master: Master,
    private readonly connection: NatsConnection,
    private readonly settings: ClusterSettings,
  ) {
    this.placer = new Placer(connection, settings);
    connection.subscribe(allOfMaster(settings.name), {
      callback: (error, message) => {
        if (error === null) this.take(message);
      },
    });
    master.startRemoteBy((choice) => this.openOn(choice));
    master.makeDurableBy((options) => {
      const read = readDurableOptions(options);
      return <Tasks>(workpool: Workpool<Tasks>, capacity: number) => {
        const pool = new StoredPool(connection, read, workpool, capacity);
        this.durablePools.add(pool);
        return pool as DurablePool<unknown>;
      };
    });
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

  /**
   * A durable queue, for programs that only submit jobs or look at them: `createPool` with the option `durable` runs them.
   *
   * @param options its name, or all options
   * @throws TypeError
   */
  queue<Tasks = AnyTasks>(options: DurableOptions | string): DurableQueue<Tasks> {
    return new StoredQueue(this.connection, readDurableOptions(options)) as DurableQueue<Tasks>;
  }

  /**
   * Closes the connection. Slaves that still run on other machines are ended. Durable jobs that still run here are given to other masters once
   * `redeliverAfter` has passed: end their pools first.
   */
  async close(): Promise<void> {
    this.master.startRemoteBy(undefined);
    this.master.makeDurableBy(undefined);
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
    const place = await this.placer
      .place(channel, request, choice)
      .catch((error: unknown) => new HostRefusedError('no host', `the server cannot be reached: ${(error as Error).message}`));
    if (place instanceof HostRefusedError) channel.refused(place);
    else this.accept(channel, place);
  }

  private accept(channel: RemoteChannel, place: RemotePlace): void {
    const { session } = channel;
    const { host: name } = place;
    // It was killed meanwhile.
    if (!this.channels.has(session)) {
      this.placer.release(channel);
      return this.publish(toHost(name, this.name, 'gone', session));
    }
    const host = this.hostsByName.get(name) ?? new KnownHost(name);
    if (host.channels.size === 0) host.heardAt = performance.now();
    this.hostsByName.set(name, host);
    host.channels.add(channel);
    this.beatTimer ??= this.checkLater();
    const subject = toHost(name, this.name, 'packet', session);
    channel.accepted(place, (packet) => this.publish(subject, packet));
  }

  private forget(channel: RemoteChannel): void {
    this.channels.delete(channel.session);
    this.placer.release(channel);
    this.hostsByName.get(channel.place?.host ?? '')?.channels.delete(channel);
    // After the packet that ended it is acknowledged.
    setTimeout(() => channel.close(), CLOSING).unref();
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
      if (type !== 'reconnect') continue;
      for (const channel of this.channels.values()) channel.resend();
      for (const pool of this.durablePools) {
        if (pool.hasExited) this.durablePools.delete(pool);
        else pool.reconnected();
      }
    }
    for (const channel of [...this.channels.values()]) channel.lost('the connection to the NATS server was closed');
  }
}
