import { Writable } from 'node:stream';
import type { SlaveChannel, SlaveExit, SocketPair } from '../channel/channel';
import type { Batch } from '../protocol/batch';
import { resolveOptions, type ResolvedSlaveOptions } from '../spawn/slave-options';
import { startSlave } from '../spawn/start-slave';
import { Link } from './link';
import { parseObject, type StartRequest } from './host-messages';
import { Kind } from './packets';

/** Stands for the option `data`, which the master itself sends as the first frame. */
const SENT_BY_MASTER: Batch = { json: '', blobs: [] };

/** What the host decides about a slave. */
interface HostedSettings {
  /** The real path of the script. */
  readonly file: string;
  /** The variables that the slave does not get, as `undefined`. */
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly execArgv: readonly string[];
}

/** A slave that a host runs for a master. The host passes on bytes and decodes none. */
export class HostedSlave {
  readonly session: string;
  private readonly link: Link;
  private readonly channel: SlaveChannel;
  private sockets: SocketPair | undefined;
  /** Continues the outputs that wait until the master has taken what was sent. */
  private readonly held: (() => void)[] = [];
  private hasExited = false;

  /**
   * @param settings what the host decides
   * @param onClosed called once the process has ended and the master knows, or is not to know any more
   */
  constructor(
    request: StartRequest,
    settings: HostedSettings,
    { send, onExit, onClosed }: { send: (packet: Uint8Array) => void; onExit: (exit: SlaveExit) => void; onClosed: () => void },
  ) {
    this.session = request.session;
    this.onClosed = onClosed;
    this.link = new Link({
      send,
      receive: (kind, payload, consumed) => this.receive(kind, payload, consumed),
      drained: () => this.resume(),
      delivered: () => {
        if (this.hasExited) this.close();
      },
    });
    this.channel = startSlave(request.id, { path: settings.file, found: true }, this.optionsFor(request, settings), {
      message: () => undefined,
      relay: (sockets) => this.relay(sockets),
      end: (exit) => {
        this.hasExited = true;
        this.sockets = undefined;
        onExit(exit);
        const { error, ...facts } = exit;
        this.link.write(Kind.CONTROL, Buffer.from(JSON.stringify({ exit: { ...facts, error: error?.message } })));
      },
    });
  }

  private readonly onClosed: () => void;

  get pid(): number | undefined {
    return this.channel.pid;
  }

  get isAlive(): boolean {
    return !this.hasExited;
  }

  take(packet: Uint8Array): void {
    this.link.take(packet);
  }

  resend(): void {
    this.link.resend();
  }

  /** Tells its master that this host is about to leave. */
  announceDrain(): void {
    this.link.write(Kind.CONTROL, Buffer.from(JSON.stringify({ isDraining: true })));
  }

  /** Ends it for a master that does not want it any more, or cannot be reached. */
  abandon(): void {
    this.channel.kill('SIGKILL');
    this.close();
  }

  private close(): void {
    this.link.close();
    this.resume();
    this.onClosed();
  }

  private optionsFor(
    { alias, group, title, args, maxPayload, hasData }: StartRequest,
    { env, execArgv }: HostedSettings,
  ): ResolvedSlaveOptions {
    const options = resolveOptions(
      {
        alias: alias ?? undefined,
        group: group ?? undefined,
        title: title ?? undefined,
        args,
        env,
        execArgv,
        maxPayload: maxPayload ?? 0,
        stdout: this.output(Kind.STDOUT),
        stderr: this.output(Kind.STDERR),
      },
      {},
    );
    return { ...options, data: hasData ? SENT_BY_MASTER : undefined };
  }

  private output(kind: Kind): Writable {
    return new Writable({
      write: (chunk: Buffer, _encoding, written) => {
        this.link.write(kind, chunk);
        this.whenTaken(written);
      },
    });
  }

  private relay(sockets: SocketPair): void {
    this.sockets = sockets;
    const { incoming } = sockets;
    incoming.on('data', (chunk: Buffer) => {
      this.link.write(Kind.BYTES, chunk);
      if (!this.link.isFull) return;
      incoming.pause();
      this.whenTaken(() => incoming.resume());
    });
  }

  /** Calls back at once, or when the master has taken what waits. */
  private whenTaken(callback: () => void): void {
    if (this.link.isFull) this.held.push(callback);
    else callback();
  }

  private resume(): void {
    for (const callback of this.held.splice(0)) callback();
  }

  private receive(kind: Kind, payload: Uint8Array, consumed: () => void): void {
    if (kind === Kind.CONTROL) this.control(payload);
    if (kind === Kind.BYTES && this.sockets?.outgoing.writable === true) this.sockets.outgoing.write(payload, () => consumed());
    else consumed();
  }

  private control(payload: Uint8Array): void {
    const { kill } = parseObject(payload) ?? {};
    if (typeof kill === 'string' && /^SIG[A-Z0-9]+$/.test(kill)) this.channel.kill(kill as NodeJS.Signals);
  }
}
