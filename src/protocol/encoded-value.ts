import { lazily } from './lazily';
import { isJsonSafe } from './json-safe';
import { toJson } from './json';
import type { PackOptions } from './pack';

/** A value of a message, encoded: the JSON of it, or of its packed form and the blobs that this refers to. */
export interface EncodedValue {
  readonly json: string;
  readonly blobs: readonly Uint8Array[];
  readonly isPacked: boolean;
}

/** The data of several requests. It is encoded for the first one that is sent, and used for all. */
export class SharedData {
  encoded: EncodedValue | undefined;
}

const NO_BLOBS: readonly Uint8Array[] = [];

/**
 * Encodes a value.
 *
 * @param name what it is in its message
 * @throws SerializationError with the path of a value that cannot be sent
 */
export function encodeValue(value: unknown, name: 'data' | 'value', options: PackOptions): EncodedValue {
  if (isJsonSafe(value)) return { json: toJson(value), blobs: NO_BLOBS, isPacked: false };
  const blobs: Uint8Array[] = [];
  const packed = lazy.pack().pack(value, blobs, { ...options, name });
  return { json: toJson(packed), blobs, isPacked: true };
}

/* eslint-disable @typescript-eslint/no-require-imports -- each file that a slave loads delays its first answer, and most slaves do not need it */
const lazy = {
  pack: lazily(() => require('./pack') as typeof import('./pack')),
};
/* eslint-enable @typescript-eslint/no-require-imports */
