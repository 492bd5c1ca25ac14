import { clearTimeout, setImmediate, setTimeout } from '../platform';
import { decodePacket, encodePacket, Kind, type Packet } from './packets';

/** In bytes: how much may be sent and not be consumed yet. */
const WINDOW = 4 * 1024 * 1024;

/** In bytes: the largest payload of a packet. Small enough that a large message does not hold up those of other slaves. */
const CHUNK = 256 * 1024;

/** In ms: how long an acknowledgement waits for a packet that it can travel with. */
const ACK_DELAY = 20;

/** In ms: how long after its last acknowledgement a sender sends again. Longer than the delay of the acknowledgement. */
const RESEND_AFTER = 500;

/** What a {@link Link} uses and serves. */
export interface LinkEnd {
  /** Sends a packet, which may be lost, repeated or overtaken. */
  send(packet: Uint8Array): void;
  /** Takes a payload. `consumed` must be called once there is room for more. */
  receive(kind: Kind, payload: Uint8Array, consumed: () => void): void;
  /** Called when nothing waits to be sent any more. */
  drained?(): void;
  /** Called when the other end has received everything. */
  delivered?(): void;
}

/** A packet that was sent and is not acknowledged. */
type Sent = Pick<Packet, 'kind' | 'number' | 'payload'>;

/**
 * One end of a connection that delivers everything exactly once and in order, over messages that may be lost, repeated or overtaken. Each
 * end numbers its packets, keeps them until the other end has acknowledged them, and sends no more than the other end can consume.
 *
 * Without news it sends again for as long as it is open: its owner decides when the other end is lost.
 */
export class Link {
  /** Those that the other end has not received. */
  private sent: Sent[] = [];
  /** The sizes of those that the other end has not consumed, by number. */
  private readonly unconsumed = new Map<number, number>();
  private unconsumedBytes = 0;
  private readonly waiting: Omit<Sent, 'number'>[] = [];
  private waitingBytes = 0;
  private isScheduled = false;
  private lastNumber = 0;
  private received = 0;
  private consumed = 0;
  /** In bytes: what was received and is not consumed. */
  private held = 0;
  /** Whether {@link Kind.RESEND} was sent for the packet that is missing. */
  private hasAsked = false;
  private ackTimer: NodeJS.Timeout | undefined;
  private resendTimer: NodeJS.Timeout | undefined;
  private isClosed = false;

  /** @param chunk the largest payload that a packet may have, in bytes */
  constructor(
    private readonly end: LinkEnd,
    private readonly chunk = CHUNK,
  ) {}

  /** Whether what waits cannot be sent yet: `drained` is called once it was. */
  get isFull(): boolean {
    return this.waitingBytes >= WINDOW || (this.waitingBytes > 0 && this.unconsumedBytes >= WINDOW);
  }

  /** Sends bytes at the end of this turn of the event loop, in as few packets as possible: a packet costs more than what it carries. */
  write(kind: Kind, bytes: Uint8Array): void {
    if (this.isClosed) return;
    for (let at = 0; at < bytes.byteLength; at += this.chunk) this.waiting.push({ kind, payload: bytes.subarray(at, at + this.chunk) });
    this.waitingBytes += bytes.byteLength;
    if (this.waitingBytes >= this.chunk) return this.sendWaiting();
    if (!this.isScheduled) setImmediate(this.flush);
    this.isScheduled = true;
  }

  private readonly flush = (): void => {
    this.isScheduled = false;
    this.sendWaiting();
  };

  /** Takes a packet of the other end. Anything else is ignored. */
  take(bytes: Uint8Array): void {
    const packet = decodePacket(bytes);
    if (packet === undefined || this.isClosed) return;
    this.acknowledged(packet);
    if (packet.kind === Kind.RESEND) this.resend();
    else if (packet.kind !== Kind.ACK) this.accept(packet);
  }

  /** Sends again what is not acknowledged, for example after the connection was interrupted. */
  resend(): void {
    for (const packet of this.sent) this.send(packet);
    this.resendLater();
  }

  /** Tells the other end at once what has arrived, before an end of the connection. */
  confirm(): void {
    if (!this.isClosed) this.acknowledge(Kind.ACK);
  }

  close(): void {
    this.isClosed = true;
    clearTimeout(this.ackTimer);
    clearTimeout(this.resendTimer);
    this.sent = [];
    this.waiting.length = 0;
    this.waitingBytes = 0;
  }

  private accept({ kind, number, payload }: Packet): void {
    if (number <= this.received) return this.acknowledge(Kind.ACK);
    if (number > this.received + 1) {
      if (!this.hasAsked) this.acknowledge(Kind.RESEND);
      this.hasAsked = true;
      return;
    }
    // The other end exceeds the window, which ours never does: it has to send this again.
    if (this.held > WINDOW) return;
    this.received = number;
    this.held += payload.byteLength;
    this.hasAsked = false;
    this.acknowledgeLater();
    this.end.receive(kind, payload, () => {
      this.consumed = number;
      this.held -= payload.byteLength;
      this.acknowledgeLater();
    });
  }

  private acknowledged({ received, consumed }: Packet): void {
    if (received > this.lastNumber) return;
    const before = this.sent.length;
    while (this.sent.length > 0 && this.sent[0].number <= received) this.sent.shift();
    for (const [number, size] of this.unconsumed) {
      if (number > consumed) break;
      this.unconsumed.delete(number);
      this.unconsumedBytes -= size;
    }
    if (this.sent.length < before) this.resendLater();
    if (this.sent.length === 0 && before > 0 && this.waiting.length === 0) this.end.delivered?.();
    if (this.waiting.length > 0 && !this.isScheduled) this.sendWaiting();
  }

  private sendWaiting(): void {
    if (this.waiting.length === 0) return;
    let count = 0;
    while (count < this.waiting.length && this.unconsumedBytes < WINDOW) count += this.sendNext(count);
    this.waiting.splice(0, count);
    if (this.waiting.length === 0) this.end.drained?.();
    if (this.resendTimer === undefined) this.resendLater();
  }

  /** Sends what waits from an index on, as far as it fits into one packet. @returns how many it were */
  private sendNext(from: number): number {
    const { kind } = this.waiting[from];
    const parts: Uint8Array[] = [];
    let size = 0;
    for (let i = from; i < this.waiting.length; i++) {
      const next = this.waiting[i];
      if (parts.length > 0 && (next.kind !== kind || kind === Kind.CONTROL || size + next.payload.byteLength > this.chunk)) break;
      parts.push(next.payload);
      size += next.payload.byteLength;
    }
    const packet = { kind, number: ++this.lastNumber, payload: parts.length === 1 ? parts[0] : Buffer.concat(parts) };
    this.sent.push(packet);
    this.unconsumed.set(packet.number, size);
    this.unconsumedBytes += size;
    this.waitingBytes -= size;
    this.send(packet);
    return parts.length;
  }

  private send(packet: Sent): void {
    clearTimeout(this.ackTimer);
    this.ackTimer = undefined;
    this.end.send(encodePacket({ ...packet, received: this.received, consumed: this.consumed }));
  }

  private acknowledge(kind: typeof Kind.ACK | typeof Kind.RESEND): void {
    this.send({ kind, number: 0, payload: NOTHING });
  }

  private acknowledgeLater(): void {
    if (!this.isClosed) this.ackTimer ??= setTimeout(() => this.acknowledge(Kind.ACK), ACK_DELAY);
  }

  private resendLater(): void {
    clearTimeout(this.resendTimer);
    this.resendTimer = undefined;
    if (this.sent.length > 0 && !this.isClosed) this.resendTimer = setTimeout(() => this.resend(), RESEND_AFTER);
  }
}

const NOTHING = new Uint8Array(0);
