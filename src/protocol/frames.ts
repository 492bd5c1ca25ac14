import type { Batch } from './batch';

/**
 * Batches <-> a stream of bytes. A frame is, in big-endian 32-bit numbers, the length of what follows, the length of the
 * text, the number of blobs and the length of each; then the text in UTF-8; then the blobs.
 */
const FIXED = 12;

/** The parts of one frame, to be written one after the other. */
export function writeFrame({ text, blobs }: Batch): Uint8Array[] {
  const head = FIXED + 4 * blobs.length;
  const textLength = Buffer.byteLength(text);
  const buffer = Buffer.allocUnsafe(head + textLength);
  let length = head - 4 + textLength;
  for (const [i, blob] of blobs.entries()) {
    buffer.writeUInt32BE(blob.byteLength, FIXED + 4 * i);
    length += blob.byteLength;
  }
  buffer.writeUInt32BE(length, 0);
  buffer.writeUInt32BE(textLength, 4);
  buffer.writeUInt32BE(blobs.length, 8);
  buffer.write(text, head, 'utf8');
  return blobs.length === 0 ? [buffer] : [buffer, ...blobs];
}

/** The inverse of {@link writeFrame}, for bytes that come in pieces of any size. */
export class FrameReader {
  /** The pieces of a frame that is not yet whole, and how many bytes they have. */
  private pieces: Buffer[] = [];
  private held = 0;
  /** How many bytes the frame needs, as far as is known. */
  private needed = 4;

  /** @param limit the most bytes that a frame may have */
  constructor(private readonly limit: number) {}

  /**
   * Takes the next piece and returns the batches that are whole now.
   *
   * @throws RangeError when the bytes are not frames, or one is over the limit
   */
  push(piece: Buffer): Batch[] {
    this.pieces.push(piece);
    this.held += piece.length;
    if (this.held < this.needed) return [];

    const batches: Batch[] = [];
    // Joined once for each time that enough has come, never once for each piece: that would be quadratic.
    let rest = this.pieces.length === 1 ? piece : Buffer.concat(this.pieces, this.held);
    for (;;) {
      this.needed = 4;
      if (rest.length < 4) break;
      this.needed = 4 + this.checked(rest.readUInt32BE(0));
      if (rest.length < this.needed) break;
      batches.push(readFrame(rest.subarray(0, this.needed)));
      rest = rest.subarray(this.needed);
    }
    this.pieces = rest.length === 0 ? [] : [rest];
    this.held = rest.length;
    return batches;
  }

  private checked(length: number): number {
    if (length > this.limit) throw new RangeError(`a frame of ${length} bytes`);
    return length;
  }
}

function readFrame(frame: Buffer): Batch {
  const textLength = frame.readUInt32BE(4);
  const count = frame.readUInt32BE(8);
  let at = FIXED + 4 * count;
  if (at + textLength > frame.length) throw new RangeError('a frame shorter than its text');
  const text = frame.toString('utf8', at, (at += textLength));
  const blobs: Uint8Array[] = [];
  for (let i = 0; i < count; i++) {
    const length = frame.readUInt32BE(FIXED + 4 * i);
    if (at + length > frame.length) throw new RangeError('a frame shorter than its bytes');
    // A copy of its own, so that a small blob does not keep a large frame in memory.
    blobs.push(new Uint8Array(frame.subarray(at, (at += length))));
  }
  return { text, blobs };
}
