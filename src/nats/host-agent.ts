import { existsSync, realpathSync } from 'node:fs';
import { availableParallelism, loadavg } from 'node:os';
import { connect, type Msg, type NatsConnection, nuid } from '@nats-io/transport-node';
import type { HostRefusal } from '../errors';
import { askHosts } from './ask-hosts';
import { hashOf, type HostConfig, type HostScript } from './host-config';
import { HostedSlave } from './hosted-slave';
import { MasterLease } from './master-lease';
import { type HostStatus, parseObject, PROTOCOL, readStartRequest, type StartReply, type StartRequest } from './host-messages';
import { performance } from '../performance';
import { setTimeout } from '../platform';
import { warnOfOldServer } from './server-version';
import { serveServiceProtocol } from './service-protocol';
import { allOfHost, drainOf, HOSTS, isName, parseSubject, toMaster } from './subjects';

/** In ms: the bounds of the heartbeat that a master may choose. */
const HEARTBEAT = { least: 100, most: 60_000 };

/** In ms. */
const MINUTE = 60_000;

/** A decision of a host, for its log. It has no arguments and no data of slaves. */
export interface AuditEvent {
  readonly event: 'listening' | 'start' | 'refused' | 'exit' | 'lease expired' | 'draining' | 'disconnected' | 'connected';
  readonly master?: string;
  readonly script?: string;
  readonly session?: string;
  readonly [fact: string]: unknown;
}

/** Runs slaves on this machine for masters on others. */
export class HostAgent {
  private readonly instance = nuid.next();
  private readonly leases = new Map<string, MasterLease>();
  /** Of the last minute. */
  private starts: { readonly master: string; readonly at: number }[] = [];
  /** Resolves once it was asked to drain, and its last slave has ended. */
  readonly drained: Promise<void>;
  private isDraining = false;
  private onDrained!: () => void;

  private constructor(
    private readonly connection: NatsConnection,
    private readonly config: HostConfig,
    private readonly version: string,
    private readonly log: (event: AuditEvent) => void,
  ) {
    const subscribe = (subject: string, take: (message: Msg) => void): void => {
      connection.subscribe(subject, {
        callback: (error, message) => {
          if (error === null) take(message);
        },
      });
    };
    subscribe(allOfHost(config.name), (message) => this.take(message));
    this.drained = new Promise((resolve) => (this.onDrained = resolve));
    subscribe(drainOf(config.name), (message) => {
      this.drain();
      message.respond();
    });
    subscribe(HOSTS, (message) => message.respond(JSON.stringify(this.status)));
    serveServiceProtocol(connection, () => this.status);
    void this.watchConnection();
  }

  /**
   * Connects to the servers and takes requests from then on.
   *
   * @throws the errors of NATS, as a rejection
   * @throws an error, as a rejection, when another host has the name: both would start each slave
   */
  static async start(config: HostConfig, version: string, log: (event: AuditEvent) => void): Promise<HostAgent> {
    const { name } = config;
    const connection = await connect({ ...config.connection, name: `dist-io host ${name}`, inboxPrefix: `_INBOX.${name}` });
    warnOfOldServer(connection);
    if ((await askHosts(connection)).some((other) => other.name === name)) {
      await connection.close();
      throw new Error(`Another host is called '${name}'. Give this one another name, or end that one.`);
    }
    const agent = new HostAgent(connection, config, version, log);
    await connection.flush();
    log({
      event: 'listening',
      host: config.name,
      server: connection.getServer(),
      scripts: Object.keys(config.scripts),
      maxSlaves: config.maxSlaves,
    });
    return agent;
  }

  /** What it tells of itself. */
  get status(): HostStatus {
    const { name, labels, scripts, maxSlaves } = this.config;
    return {
      name,
      instance: this.instance,
      version: this.version,
      protocols: [PROTOCOL, PROTOCOL],
      labels,
      scripts: Object.fromEntries(Object.entries(scripts).map(([id, { version, hash }]) => [id, { version, hash }])),
      slaves: this.running,
      maxSlaves,
      load: loadavg()[0] / availableParallelism(),
      isDraining: this.isDraining,
    };
  }

  private get running(): number {
    return this.slaves.filter(({ isAlive }) => isAlive).length;
  }

  private get slaves(): HostedSlave[] {
    return [...this.leases.values()].flatMap(({ slaves }) => [...slaves.values()]);
  }

  /** Takes no more slaves, lets masters replace those that are supervised, and waits for the others, for as long as its configuration says. */
  drain(): void {
    if (this.isDraining) return;
    this.isDraining = true;
    this.log({ event: 'draining', slaves: this.running });
    for (const slave of this.slaves) slave.announceDrain();
    setTimeout(this.onDrained, this.config.drainTimeout);
    this.checkDrained();
  }

  private checkDrained(): void {
    if (this.isDraining && this.running === 0) this.onDrained();
  }

  /** Ends all slaves and closes the connection. */
  async close(): Promise<void> {
    for (const slave of this.slaves) slave.abandon();
    for (const lease of this.leases.values()) lease.end();
    await this.connection.close();
  }

  private take(message: Msg): void {
    const { from: master, verb, session = '' } = parseSubject(message.subject);
    if (!isName(master)) return;
    const lease = this.leases.get(master);
    if (verb === 'start') return void message.respond(JSON.stringify(this.start(master, message.data)));
    if (verb === 'beat') return lease?.answered(Number(parseObject(message.data)?.number));
    const slave = lease?.slaves.get(session);
    if (verb === 'gone') slave?.abandon();
    else if (verb === 'packet' && slave !== undefined) slave.take(message.data);
    // It was ended, or another start of this host has had it.
    else if (verb === 'packet') this.connection.publish(toMaster(master, this.config.name, 'gone', session));
  }

  private start(master: string, data: Uint8Array): StartReply {
    const request = readStartRequest(data);
    const refusal = this.refusalOf(request) ?? this.quotaExceededBy(master);
    if (request === undefined || refusal !== undefined) {
      const [reason, detail] = refusal ?? UNREADABLE;
      this.log({ event: 'refused', master, script: request?.script, reason });
      return { accepted: false, reason, detail: `The host '${this.config.name}' ${detail}` };
    }
    const lease = this.leases.get(master) ?? this.newLease(master, request.heartbeat);
    const slave = lease.slaves.get(request.session) ?? this.fork(master, lease, request);
    return { accepted: true, instance: this.instance, pid: slave.pid ?? null };
  }

  private refusalOf(request: StartRequest | undefined): readonly [HostRefusal, string] | undefined {
    const { scripts, maxSlaves } = this.config;
    if (request?.protocol !== PROTOCOL) return UNREADABLE;
    if (this.isDraining) return ['draining', 'is about to leave and takes no more slaves.'];
    if (!Object.hasOwn(scripts, request.script))
      return ['unknown script', `offers no script '${request.script}'. It offers: ${Object.keys(scripts).join(', ')}.`];
    if (request.hash !== null && request.hash !== scripts[request.script].hash)
      return ['version', `offers another file for '${request.script}' than the one that was asked for.`];
    if (this.running >= maxSlaves)
      return ['full', `runs ${maxSlaves} slaves, as many as it may. Raise maxSlaves in its configuration, or use other hosts.`];
    if (!isUnchanged(scripts[request.script]))
      return ['not allowed', `has another file for '${request.script}' than when it was started. Restart the host to offer the new one.`];
    return undefined;
  }

  private quotaExceededBy(master: string): readonly [HostRefusal, string] | undefined {
    const { maxSlavesOfMaster, startsPerMinute } = this.config;
    const running = [...(this.leases.get(master)?.slaves.values() ?? [])].filter(({ isAlive }) => isAlive).length;
    if (running >= maxSlavesOfMaster)
      return [
        'full',
        `runs ${maxSlavesOfMaster} slaves of this master, as many as each may have. Raise maxSlavesOfMaster in its configuration, or use other hosts.`,
      ];
    const now = performance.now();
    this.starts = this.starts.filter(({ at }) => now - at < MINUTE);
    if (this.starts.filter((start) => start.master === master).length >= startsPerMinute)
      return [
        'full',
        `has started ${startsPerMinute} slaves of this master within a minute, as many as it may. Raise startsPerMinute in its configuration, or wait.`,
      ];
    return undefined;
  }

  private newLease(master: string, heartbeat: number): MasterLease {
    const { name } = this.config;
    const lease = new MasterLease(
      Math.min(HEARTBEAT.most, Math.max(HEARTBEAT.least, heartbeat)),
      (beat) => this.publish(toMaster(master, name, 'beat'), JSON.stringify({ ...beat, instance: this.instance })),
      () => {
        this.log({ event: 'lease expired', master, slaves: lease.slaves.size });
        for (const slave of [...lease.slaves.values()]) slave.abandon();
      },
    );
    this.leases.set(master, lease);
    return lease;
  }

  private fork(master: string, lease: MasterLease, request: StartRequest): HostedSlave {
    const { session, script } = request;
    const { env, name, maxHeap } = this.config;
    const hidden = Object.keys(process.env).filter((variable) => !env.includes(variable));
    const settings = {
      file: this.config.scripts[script].file,
      env: Object.fromEntries(hidden.map((variable) => [variable, undefined])),
      execArgv: maxHeap === undefined ? [] : [`--max-old-space-size=${Math.ceil(maxHeap / 2 ** 20)}`],
    };
    const slave = new HostedSlave(request, settings, {
      send: (packet) => this.publish(toMaster(master, name, 'packet', session), packet),
      onExit: ({ code, signal }) => {
        this.log({ event: 'exit', master, script, session, code, signal });
        this.checkDrained();
      },
      onClosed: () => {
        lease.slaves.delete(session);
        if (lease.slaves.size > 0) return;
        lease.end();
        this.leases.delete(master);
      },
    });
    lease.slaves.set(session, slave);
    this.starts.push({ master, at: performance.now() });
    this.log({ event: 'start', master, script, session, pid: slave.pid });
    return slave;
  }

  private publish(subject: string, data: string | Uint8Array): void {
    if (!this.connection.isClosed()) this.connection.publish(subject, data);
  }

  private async watchConnection(): Promise<void> {
    for await (const { type } of this.connection.status()) {
      if (type === 'disconnect') this.log({ event: 'disconnected' });
      if (type !== 'reconnect') continue;
      this.log({ event: 'connected', server: this.connection.getServer() });
      for (const slave of this.slaves) slave.resend();
    }
  }
}

const UNREADABLE = ['version', 'cannot read the request. Install the same version of dist-io on both sides.'] as const;

/** The file may have been exchanged since, by a link for example. */
function isUnchanged({ file, hash }: HostScript): boolean {
  return existsSync(file) && realpathSync(file) === file && hashOf(file) === hash;
}
