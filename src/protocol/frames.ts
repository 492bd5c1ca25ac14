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

/** What comes next of a frame. */
type Part = 'length' | 'head' | 'lengths' | 'text' | 'blob';

/**
 * The inverse of {@link writeFrame}, for bytes that come in pieces of any size. Each part of a frame is copied at most once, from the
 * pieces to where it stays: joined first, a large blob would be copied twice.
 */
export class FrameReader {
  private part: Part = 'length';
  /** How many bytes the part has, and the first of them, when not all have come at once. */
  private needed = 4;
  private begun: Buffer | undefined;
  private filled = 0;

  /** How much of the frame is left for what was not announced yet. */
  private left = 0;
  private textLength = 0;
  private lengths: number[] = [];
  private batch: { text: string; blobs: Uint8Array[] } = { text: '', blobs: [] };

  /** @param limit the most bytes that a frame may have */
  constructor(private readonly limit: number) {}

  /** How many bytes the current part of a frame still needs. */
  get missing(): number {
    return this.needed - this.filled;
  }

  /** @returns the batches that the next piece completes @throws RangeError, see {@link read} */
  push(piece: Buffer): Batch[] {
    const batches: Batch[] = [];
    this.read(piece, (batch) => void batches.push(batch));
    return batches;
  }

  /**
   * Takes the next piece and hands over each batch that it completes.
   *
   * @throws RangeError when the bytes are not frames, or one is over the limit; what came whole before has been handed over
   */
  read(piece: Buffer, deliver: (batch: Batch) => void): void {
    for (let at = 0; at < piece.length || this.needed === 0;) {
      const left = piece.length - at;
      let bytes: Buffer;
      // A blob gets memory of its own in any case, so that a small one does not keep a large piece.
      if (this.begun === undefined && this.part !== 'blob' && left >= this.needed) {
        bytes = piece.subarray(at, (at += this.needed));
      } else {
        bytes = this.begun ??= Buffer.allocUnsafeSlow(this.needed);
        const end = at + Math.min(left, this.needed - this.filled);
        this.filled += piece.copy(bytes, this.filled, at, end);
        at = end;
        if (this.filled < this.needed) break;
      }
      this.begun = undefined;
      this.filled = 0;
      if (this.take(bytes)) {
        const { batch } = this;
        this.batch = { text: '', blobs: [] };
        deliver(batch);
      }
    }
  }

  /** A part is whole. @returns whether the frame is */
  private take(bytes: Buffer): boolean {
    switch (this.part) {
      case 'length':
        this.left = bytes.readUInt32BE(0);
        if (this.left > this.limit || this.left < 8) throw new RangeError(`a frame of ${this.left} bytes`);
        this.next('head', 8);
        return false;
      case 'head': {
        this.textLength = bytes.readUInt32BE(0);
        const count = bytes.readUInt32BE(4);
        this.left -= 8 + 4 * count + this.textLength;
        if (this.left < 0) throw new RangeError('a frame shorter than its text');
        this.lengths = [];
        this.next('lengths', 4 * count);
        return false;
      }
      case 'lengths':
        for (let at = 0; at < bytes.length; at += 4) this.lengths.push(bytes.readUInt32BE(at));
        if (this.lengths.reduce((sum, length) => sum + length, 0) !== this.left)
          throw new RangeError('a frame of another length than its parts');
        this.next('text', this.textLength);
        return false;
      case 'text':
        this.batch.text = bytes.toString('utf8');
        break;
      case 'blob':
        this.batch.blobs.push(new Uint8Array(bytes.buffer, bytes.byteOffset, bytes.length));
        break;
    }
    const { length } = this.batch.blobs;
    if (length < this.lengths.length) {
      this.next('blob', this.lengths[length]);
      return false;
    }
    this.next('length', 4);
    return true;
  }

  private next(part: Part, needed: number): void {
    this.part = part;
    this.needed = needed;
  }
}
