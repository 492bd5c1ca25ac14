import { PassThrough } from 'node:stream';
import type { HostRefusedError } from '../errors';
import type { SlaveChannel, SlaveExit, SlaveListener, SpawnSpec } from '../channel/channel';
import { messageReader } from '../channel/message-reader';
import { Outbox } from '../channel/outbox';
import { isLeftToMaster } from '../channel/signals-of-master';
import { SlaveOutput } from '../channel/slave-output';
import { nextTick } from '../platform';
import type { SendOptions } from '../protocol/batch-writer';
import { writeFrame } from '../protocol/frames';
import type { ToSlave } from '../protocol/messages';
import { Link } from './link';
import { parseObject } from './host-messages';
import { Kind } from './packets';

/** Where a remote slave runs. */
export interface RemotePlace {
  readonly host: string;
  /** The start of the host that runs it. */
  readonly instance: string;
  readonly pid: number | null;
}

/** The number of packets that are kept until the answer of the host. */
const MAX_HELD = 16;

/** A slave on another machine, as its master sees it. Until a host has accepted it, what is sent waits. */
export class RemoteChannel implements SlaveChannel {
  pid: number | undefined;
  place: RemotePlace | undefined;
  private link: Link | undefined;
  /** What was sent before a host has accepted it. */
  private readonly early: (readonly [Kind, Uint8Array])[] = [];
  /** Packets that came before the answer of the host, with their sender. */
  private readonly held: (readonly [host: string, packet: Uint8Array])[] = [];
  private readonly outbox: Outbox;
  private readonly read: (chunk: Buffer) => void;
  private readonly output = new SlaveOutput(() => this.endIfComplete());
  private readonly stdout = new PassThrough();
  private readonly stderr = new PassThrough();
  /** Whether an exit was requested. If so, the end is reported only when all output has arrived. */
  private isAsked = false;
  private hasEnded = false;
  private exit: SlaveExit | undefined;
  private fault: Error | undefined;

  /** @param onEnd called once it needs no packets any more */
  constructor(
    readonly session: string,
    { config, data, stdout, stderr }: SpawnSpec,
    private readonly listener: SlaveListener,
    private readonly onEnd: (channel: RemoteChannel) => void,
  ) {
    const maxPayload = config.maxPayload ?? Infinity;
    this.outbox = new Outbox(maxPayload, (batch) => this.writeFrame(writeFrame(batch)), false);
    this.read = messageReader(maxPayload, listener.message, (error) => {
      this.fault = new Error(`It sent malformed data (${error.message}).`);
      this.kill('SIGKILL');
    });
    if (data !== undefined) this.writeFrame(writeFrame(data));
    this.output.forward(this.stdout, stdout, process.stdout);
    this.output.forward(this.stderr, stderr, process.stderr);
  }

  get host(): string | undefined {
    return this.place?.host;
  }

  /** A host has taken it. @param send sends a packet to the host */
  accepted(place: RemotePlace, send: (packet: Uint8Array) => void): void {
    this.place = place;
    this.pid = place.pid ?? undefined;
    this.link = new Link({ send, receive: (kind, payload, consumed) => this.receive(kind, payload, consumed) });
    for (const [kind, bytes] of this.early.splice(0)) this.link.write(kind, bytes);
    for (const [host, packet] of this.held.splice(0)) if (host === place.host) this.link.take(packet);
  }

  /** A packet comes before it is known which host has accepted it. One that is dropped is sent again. */
  hold(host: string, packet: Uint8Array): void {
    if (this.held.length < MAX_HELD) this.held.push([host, packet]);
  }

  /** No host has taken it. */
  refused(error: HostRefusedError): void {
    this.finish({ code: null, signal: null, stderrTail: '', error });
  }

  /** The connection to its host is lost. */
  lost(detail: string): void {
    const name = this.place?.host ?? '';
    const lostHost = { name, detail };
    this.finish({ code: null, signal: null, stderrTail: '', error: new Error(detail), reason: 'link', lostHost });
  }

  take(packet: Uint8Array): void {
    this.link?.take(packet);
  }

  resend(): void {
    this.link?.resend();
  }

  send(message: ToSlave, options?: SendOptions): number {
    if (message.type === 'exit') this.isAsked = true;
    return this.outbox.send(message, options);
  }

  kill(signal: NodeJS.Signals): void {
    // Output that has not arrived by the exit may be lost.
    this.isAsked = false;
    if (this.exit !== undefined) return this.endIfComplete();
    if (isLeftToMaster(signal)) return void this.outbox.send({ type: 'kill', signal });
    if (this.link === undefined) nextTick(() => this.finish({ code: null, signal, stderrTail: '' }));
    this.write(Kind.CONTROL, Buffer.from(JSON.stringify({ kill: signal })));
  }

  /** The connection of the cluster keeps the program alive. */
  keepAlive(): void {
    // Nothing to do.
  }

  private writeFrame(parts: readonly Uint8Array[]): void {
    for (const part of parts) this.write(Kind.BYTES, part);
  }

  private write(kind: Kind, bytes: Uint8Array): void {
    if (this.link === undefined) this.early.push([kind, bytes]);
    else this.link.write(kind, bytes);
  }

  private receive(kind: Kind, payload: Uint8Array, consumed: () => void): void {
    if (kind === Kind.STDOUT) return void this.stdout.write(payload, consumed);
    if (kind === Kind.STDERR) return void this.stderr.write(payload, consumed);
    if (kind === Kind.BYTES) this.read(payload as Buffer);
    else if (kind === Kind.CONTROL) this.control(payload);
    consumed();
  }

  private control(payload: Uint8Array): void {
    const { exit, isDraining } = parseObject(payload) ?? {};
    if (isDraining === true) this.listener.due?.();
    if (typeof exit !== 'object' || exit === null) return;
    const { code, signal, stderrTail, reason, error } = exit as Record<string, unknown>;
    this.exit = {
      code: typeof code === 'number' ? code : null,
      signal: typeof signal === 'string' ? signal : null,
      stderrTail: typeof stderrTail === 'string' ? stderrTail : '',
      reason: this.fault === undefined ? (reason as SlaveExit['reason']) : 'crash',
      ...(this.fault !== undefined && { error: this.fault }),
      ...(this.fault === undefined && typeof error === 'string' && { error: new Error(error) }),
    };
    this.stdout.end();
    this.stderr.end();
    this.endIfComplete();
  }

  private endIfComplete(): void {
    if (this.exit !== undefined && (this.output.hasArrived || !this.isAsked)) this.finish(this.exit);
  }

  private finish(exit: SlaveExit): void {
    if (this.hasEnded) return;
    this.hasEnded = true;
    this.stdout.end();
    this.stderr.end();
    // Otherwise its host would keep it until it knows.
    this.link?.confirm();
    this.onEnd(this);
    this.listener.end(exit);
  }

  /** Acknowledges what has arrived, and sends nothing any more. */
  close(): void {
    this.link?.close();
  }
}
