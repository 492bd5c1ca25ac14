import { type Batch, BatchWriter, readBatch } from './batch';
import { copyBytes } from './bytes';
import type { SlaveData } from './messages';

/**
 * Encodes the data of a slave. The batch is a snapshot and can be sent any number of times.
 *
 * @param maxPayload in bytes
 * @throws SerializationError, PayloadTooLargeError
 */
export function encodeData(data: unknown, maxPayload: number): Batch {
  const writer = new BatchWriter(maxPayload);
  writer.add({ type: 'data', data });
  return writer.flush();
}

/** The inverse of {@link encodeData}. The bytes are the batch's own: see {@link copyBatch}. */
export function decodeData(batch: Batch): unknown {
  return (readBatch(batch) as SlaveData[])[0].data;
}

/** A batch with bytes of its own, for a reader in the same thread. */
export function copyBatch({ text, blobs }: Batch): Batch {
  return { text, blobs: blobs.map(copyBytes) };
}
