import { constants } from 'node:buffer';
import { PayloadTooLargeError } from '../errors';
import type { ToMaster, ToSlave } from './messages';

/** In bytes: the text of a frame is read as one string, and others of up to a large batch may stand before it. */
const LONGEST_TEXT = constants.MAX_STRING_LENGTH - 2 ** 23;

/** In bytes: a frame says its length in 32 bits. */
const LARGEST_MESSAGE = 2 ** 32 - 2 ** 24;

/** The messages that carry what users send; all others are dist-io's own and small, and must get through whatever the limit. */
const CARRIERS: ReadonlySet<string> = new Set<(ToSlave | ToMaster)['type']>([
  'data',
  'request',
  'value',
  'item',
  'error',
  'crash',
  'progress',
]);

/** @param otherBytes what the message has besides its text @throws PayloadTooLargeError */
export function measure(message: ToSlave | ToMaster, text: string, otherBytes: number, maxPayload: number): void {
  const isCarrier = CARRIERS.has(message.type) || (message.type === 'cancel' && message.cause !== undefined);
  const limit = Math.min(LARGEST_MESSAGE, isCarrier ? maxPayload : Infinity);
  // No character takes more than three bytes, so that counting them is seldom needed.
  if (text.length * 3 + otherBytes <= Math.min(limit, LONGEST_TEXT)) return;
  const textBytes = Buffer.byteLength(text);
  const size = textBytes + otherBytes;
  if (size > limit) throw new PayloadTooLargeError(size, limit);
  if (textBytes > LONGEST_TEXT) throw new PayloadTooLargeError(size, LONGEST_TEXT);
}
