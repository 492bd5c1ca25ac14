import { createHash } from 'node:crypto';
import { type Batch, BatchWriter, readBatch } from './batch';
import type { Value } from './messages';

/** In characters: a longer key is hashed. */
const LONGEST_KEY = 256;

/** A value as it would travel, kept: what happens to the value later does not change it. */
export class Snapshot {
  private readonly batch: Batch;

  /**
   * @param maxPayload the most bytes that it may have
   * @throws SerializationError when it holds something that cannot travel
   * @throws PayloadTooLargeError
   */
  constructor(value: unknown, maxPayload = Infinity) {
    const writer = new BatchWriter(maxPayload);
    writer.add({ type: 'value', id: 0, value });
    this.batch = writer.flush();
  }

  /** The value, made anew each time; but its bytes are those that are kept here: to be sent on, and not to be changed. */
  get value(): unknown {
    return (readBatch(this.batch) as Value[])[0].value;
  }

  /** In bytes. */
  get size(): number {
    return this.batch.blobs.reduce((sum, blob) => sum + blob.byteLength, Buffer.byteLength(this.batch.text));
  }

  /** A short text, the same for values that are the same and for no others. */
  get key(): string {
    const { text, blobs } = this.batch;
    if (blobs.length === 0 && text.length <= LONGEST_KEY) return text;
    // The text says what each of the blobs is, but not where one ends.
    const hash = createHash('sha256').update(text);
    for (const blob of blobs) hash.update(`${blob.byteLength},`).update(blob);
    return hash.digest('base64');
  }
}
