/** In bytes: the size of a number. Numbers of packets count up as long as a slave lives, so 32 bits are not enough. */
const NUMBER = 6;

/** In bytes: the kind, then three numbers, big-endian. The payload follows. */
const HEAD = 1 + 3 * NUMBER;

/** What a packet carries. */
export const Kind = {
  /** Nothing: it acknowledges. */
  ACK: 0,
  /** Nothing: a packet before the last one is missing, so all that are not acknowledged are needed again. */
  RESEND: 1,
  /** Bytes of the stream between a master and its slave. */
  BYTES: 2,
  /** A control message, as JSON. */
  CONTROL: 3,
  /** Bytes that the slave wrote to its stdout. */
  STDOUT: 4,
  /** Bytes that the slave wrote to its stderr. */
  STDERR: 5,
} as const;

/** One of {@link Kind}. */
export type Kind = (typeof Kind)[keyof typeof Kind];

/** A message of a link. */
export interface Packet {
  readonly kind: Kind;
  /** Counts the packets with a payload, from 1 on; 0 without a payload. */
  readonly number: number;
  /** The number up to which its sender has received all packets. */
  readonly received: number;
  /** The number up to which its sender has consumed all packets. */
  readonly consumed: number;
  readonly payload: Uint8Array;
}

export function encodePacket({ kind, number, received, consumed, payload }: Packet): Uint8Array {
  const packet = Buffer.allocUnsafe(HEAD + payload.byteLength);
  packet.writeUInt8(kind, 0);
  for (const [i, value] of [number, received, consumed].entries()) packet.writeUIntBE(value, 1 + i * NUMBER, NUMBER);
  packet.set(payload, HEAD);
  return packet;
}

/** @returns undefined if the bytes are not a packet */
export function decodePacket(bytes: Uint8Array): Packet | undefined {
  if (bytes.byteLength < HEAD || bytes[0] > Kind.STDERR) return undefined;
  const packet = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const numberAt = (index: number): number => packet.readUIntBE(1 + index * NUMBER, NUMBER);
  return { kind: packet[0] as Kind, number: numberAt(0), received: numberAt(1), consumed: numberAt(2), payload: packet.subarray(HEAD) };
}
