import { constants } from 'node:buffer';
import { PayloadTooLargeError } from '../errors';
import type { ToMaster, ToSlave } from './messages';

/** In bytes: the JSON of a batch becomes one string, which may hold up to a large batch of other messages as well. */
const LONGEST_JSON = constants.MAX_STRING_LENGTH - 2 ** 23;

/** In bytes: the length of a frame is a 32-bit number. */
const LARGEST_MESSAGE = 2 ** 32 - 2 ** 24;

/** Types of messages with user data. `maxPayload` does not apply to the others, which are small and must always arrive. */
const CARRIERS: ReadonlySet<string> = new Set<(ToSlave | ToMaster)['type']>([
  'data',
  'request',
  'value',
  'item',
  'error',
  'crash',
  'progress',
]);

/**
 * Checks the size of a message.
 *
 * @param otherBytes size of its blobs and their lengths
 * @throws PayloadTooLargeError
 */
export function measure(message: ToSlave | ToMaster, json: string, otherBytes: number, maxPayload: number): void {
  const isCarrier = CARRIERS.has(message.type) || (message.type === 'cancel' && message.cause !== undefined);
  const limit = Math.min(LARGEST_MESSAGE, isCarrier ? maxPayload : Infinity);
  // A UTF-16 code unit takes at most three bytes in UTF-8, so that the exact size is seldom needed.
  if (json.length * 3 + otherBytes <= Math.min(limit, LONGEST_JSON)) return;
  const jsonBytes = Buffer.byteLength(json);
  const size = jsonBytes + otherBytes;
  if (size > limit) throw new PayloadTooLargeError(size, limit);
  if (jsonBytes > LONGEST_JSON) throw new PayloadTooLargeError(size, LONGEST_JSON);
}
