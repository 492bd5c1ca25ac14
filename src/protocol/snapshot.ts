import { createHash } from 'node:crypto';
import { type Batch, readBatch } from './batch';
import { BatchWriter } from './batch-writer';
import type { Value } from './messages';

/** In characters: a longer key is hashed. */
const LONGEST_KEY = 256;

/** An encoded copy of a value. Later changes of the value do not affect it. */
export class Snapshot {
  private readonly batch: Batch;

  /**
   * @param maxPayload the largest size, in bytes
   * @throws SerializationError when the value cannot be sent
   * @throws PayloadTooLargeError when the value exceeds `maxPayload`
   */
  constructor(value: unknown, maxPayload = Infinity) {
    const writer = new BatchWriter(maxPayload);
    writer.add({ type: 'value', id: 0, value });
    this.batch = writer.flush();
  }

  /** Decodes the value, anew at each access. Its bytes are shared with the snapshot: they may be sent, but must not be changed. */
  get value(): unknown {
    return (readBatch(this.batch) as Value[])[0].value;
  }

  /** In bytes. */
  get size(): number {
    return this.batch.blobs.reduce((sum, blob) => sum + blob.byteLength, Buffer.byteLength(this.batch.json));
  }

  /** A short string, equal for equal values only. */
  get key(): string {
    const { json, blobs } = this.batch;
    if (blobs.length === 0 && json.length <= LONGEST_KEY) return json;
    // The JSON does not contain the lengths of the blobs.
    const hash = createHash('sha256').update(json);
    for (const blob of blobs) hash.update(`${blob.byteLength},`).update(blob);
    return hash.digest('base64');
  }
}
