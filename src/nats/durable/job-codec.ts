import { encodeValue } from '../../protocol/encoded-value';
import { unpack } from '../../protocol/unpack';
import type { JobRecord, StoredJob } from './job-records';

/** The first byte of an encoded value: plain JSON, or a packed form that refers to the blobs after it. */
const Form = { JSON: 0, PACKED: 1 } as const;

/**
 * Encodes a value as it is stored: the form (1 byte), then the length of the JSON and the JSON, then each blob with its length before it (32
 * bits, little endian).
 *
 * @throws SerializationError with the path of a value that cannot be stored
 */
export function encodeJob(value: unknown): Buffer {
  const { json, blobs, isPacked } = encodeValue(value, 'data', {});
  const parts: Uint8Array[] = [Buffer.of(isPacked ? Form.PACKED : Form.JSON)];
  for (const part of [Buffer.from(json), ...blobs]) {
    const length = Buffer.alloc(4);
    length.writeUInt32LE(part.byteLength);
    parts.push(length, part);
  }
  return Buffer.concat(parts);
}

/** @throws an error of any class when the bytes are not of {@link encodeJob} */
export function decodeJob(bytes: Uint8Array): unknown {
  // Its own memory: views of what it holds are given to tasks, and large messages of NATS share theirs.
  const buffer = Buffer.from(bytes);
  const parts: Buffer[] = [];
  for (let offset = 1; offset < buffer.length;) {
    const begin = offset + 4;
    offset = begin + buffer.readUInt32LE(offset);
    if (offset > buffer.length) throw new RangeError('a part is longer than the message');
    parts.push(buffer.subarray(begin, offset));
  }
  const [json, ...blobs] = parts;
  const value = JSON.parse(json.toString()) as unknown;
  return buffer[0] === Form.PACKED ? unpack(value as unknown[], { blobs, objects: [] }) : value;
}

/** @returns undefined for a message that is not a job: nobody can run it */
export function readJob({ data }: { readonly data: Uint8Array }): StoredJob | undefined {
  try {
    const job = decodeJob(data) as Partial<StoredJob> | null;
    return typeof job?.id === 'string' && typeof job.task === 'string' ? (job as StoredJob) : undefined;
  } catch {
    return undefined;
  }
}

/** @returns undefined for a message that is not a record */
export function readRecord({ data }: { readonly data: Uint8Array }): JobRecord | undefined {
  try {
    return decodeJob(data) as JobRecord;
  } catch {
    return undefined;
  }
}
