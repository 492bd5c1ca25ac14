import type { Batch } from './batch';

/**
 * The frame format, which carries batches over a byte stream. A frame has these fields, the numbers as big-endian 32-bit integers: length of
 * the rest of the frame, length of the JSON, number of blobs, length of each blob; then the JSON in UTF-8; then the blobs.
 */
const FIXED = 12;

/** Encodes a batch as the chunks of one frame. */
export function writeFrame({ json, blobs }: Batch): Uint8Array[] {
  const head = FIXED + 4 * blobs.length;
  const jsonLength = Buffer.byteLength(json);
  const buffer = Buffer.allocUnsafe(head + jsonLength);
  let length = head - 4 + jsonLength;
  for (const [i, blob] of blobs.entries()) {
    buffer.writeUInt32BE(blob.byteLength, FIXED + 4 * i);
    length += blob.byteLength;
  }
  buffer.writeUInt32BE(length, 0);
  buffer.writeUInt32BE(jsonLength, 4);
  buffer.writeUInt32BE(blobs.length, 8);
  buffer.write(json, head, 'utf8');
  return blobs.length === 0 ? [buffer] : [buffer, ...blobs];
}

/** The part of a frame that is read next. */
type Part = 'length' | 'head' | 'lengths' | 'json' | 'blob';

/**
 * Decodes frames from chunks of any size. Copies each part of a frame at most once, from the chunks to its final memory; joining the
 * chunks first would copy a large blob twice.
 */
export class FrameReader {
  private part: Part = 'length';
  /** Length of the part, in bytes. */
  private needed = 4;
  /** The first bytes of a part that spans several chunks. */
  private begun: Buffer | undefined;
  private filled = 0;

  /** Bytes of the frame that are not yet assigned to a part. */
  private left = 0;
  private jsonLength = 0;
  private lengths: number[] = [];
  private batch: { json: string; blobs: Uint8Array[] } = { json: '', blobs: [] };

  /** @param limit the largest length of a frame, in bytes */
  constructor(private readonly limit: number) {}

  /** Bytes that the current part still lacks. */
  get missing(): number {
    return this.needed - this.filled;
  }

  /**
   * Takes the next chunk.
   *
   * @returns the batches that the chunk completes
   * @throws RangeError, see {@link read}
   */
  push(chunk: Buffer): Batch[] {
    const batches: Batch[] = [];
    this.read(chunk, (batch) => void batches.push(batch));
    return batches;
  }

  /**
   * Takes the next chunk and passes each batch that it completes to a callback.
   *
   * @throws RangeError when a frame is malformed or exceeds the limit, after the batches before it were passed on
   */
  read(chunk: Buffer, deliver: (batch: Batch) => void): void {
    for (let at = 0; at < chunk.length || this.needed === 0;) {
      const left = chunk.length - at;
      let bytes: Buffer;
      // Blobs are always copied, so that a small blob does not keep a large chunk in memory.
      if (this.begun === undefined && this.part !== 'blob' && left >= this.needed) {
        bytes = chunk.subarray(at, (at += this.needed));
      } else {
        bytes = this.begun ??= Buffer.allocUnsafeSlow(this.needed);
        const end = at + Math.min(left, this.needed - this.filled);
        this.filled += chunk.copy(bytes, this.filled, at, end);
        at = end;
        if (this.filled < this.needed) break;
      }
      this.begun = undefined;
      this.filled = 0;
      if (this.take(bytes)) {
        const { batch } = this;
        this.batch = { json: '', blobs: [] };
        deliver(batch);
      }
    }
  }

  /**
   * Handles a complete part.
   *
   * @returns whether the frame is complete
   */
  private take(bytes: Buffer): boolean {
    switch (this.part) {
      case 'length':
        this.left = bytes.readUInt32BE(0);
        if (this.left > this.limit || this.left < 8) throw new RangeError(`invalid frame length: ${this.left} bytes`);
        this.next('head', 8);
        return false;
      case 'head': {
        this.jsonLength = bytes.readUInt32BE(0);
        const count = bytes.readUInt32BE(4);
        this.left -= 8 + 4 * count + this.jsonLength;
        if (this.left < 0) throw new RangeError('the frame is shorter than its JSON');
        this.lengths = [];
        this.next('lengths', 4 * count);
        return false;
      }
      case 'lengths':
        for (let at = 0; at < bytes.length; at += 4) this.lengths.push(bytes.readUInt32BE(at));
        if (this.lengths.reduce((sum, length) => sum + length, 0) !== this.left)
          throw new RangeError('the frame length differs from the sum of its parts');
        this.next('json', this.jsonLength);
        return false;
      case 'json':
        this.batch.json = bytes.toString('utf8');
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
