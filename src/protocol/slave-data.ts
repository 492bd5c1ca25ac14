import { type Batch, readBatch } from './batch';
import { BatchWriter } from './batch-writer';
import { copyBytes } from './bytes';
import type { SlaveData } from './messages';

/**
 * Encodes the option `data` of a slave. The batch is a snapshot and can be sent any number of times.
 *
 * @param maxPayload in bytes
 * @param sharesProcess whether the slave is in this process
 * @throws SerializationError when the data hold a value that cannot be sent
 * @throws PayloadTooLargeError when they exceed `maxPayload`
 */
export function encodeData(data: unknown, maxPayload: number, sharesProcess: boolean): Batch {
  // What was moved to a slave is gone when that slave is started again.
  const writer = new BatchWriter(maxPayload, sharesProcess, false);
  writer.add({ type: 'data', data });
  return writer.flush();
}

/** Decodes the option `data`. The result shares the memory of the batch: see {@link copyBatch}. */
export function decodeData(batch: Batch): unknown {
  return (readBatch(batch) as SlaveData[])[0].data;
}

/** Copies a batch and its bytes, for a reader in the same thread. */
export function copyBatch({ blobs, ...batch }: Batch): Batch {
  return { ...batch, blobs: blobs.map(copyBytes) };
}
