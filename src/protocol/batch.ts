import { lazily } from './lazily';
import { viewAsBuffer } from './bytes';
import type { ToMaster, ToSlave } from './messages';
import { idOf, validateMessage } from './validate-message';

/**
 * Several messages, encoded as one JSON string and the raw bytes that it refers to.
 *
 * The string is one flat array, which `JSON.parse` reads fastest: for each message its form, then the fields of that form. Messages with
 * JSON-like data have compact forms; all others are packed.
 */
export interface Batch {
  json: string;
  blobs: readonly Uint8Array[];
  /** Objects that are not encoded, where both ends share a process. */
  objects?: readonly object[];
  /** Those of them that are moved to the receiver. */
  moved?: readonly object[];
}

/** What a message begins with in the JSON of a batch. */
export const Form = {
  /** id, task, metadata, data */
  REQUEST: 0,
  /** id, task, metadata; the data is undefined */
  EMPTY_REQUEST: 1,
  /** id, value */
  VALUE: 2,
  /** id; the value is undefined */
  EMPTY_VALUE: 3,
  /** index of the first blob, packed message */
  PACKED: 4,
  /** the message: any other type, with JSON-like data */
  OTHER: 5,
  /** id, value */
  ITEM: 6,
  /** id; the value is undefined */
  EMPTY_ITEM: 7,
  /** id, index of the blob: an item of a byte stream */
  BUFFER_ITEM: 8,
  /** id, task, limit, data: a request that is handed ahead */
  HANDED: 9,
  /** id, task, limit; the data is undefined */
  EMPTY_HANDED: 10,
  /** index of the first blob; the data or value of the message that follows is packed */
  PACKED_VALUE: 11,
} as const;

/**
 * Decodes a batch.
 *
 * @throws an error of any class when the batch is malformed
 */
export function readBatch(batch: Batch): (ToSlave | ToMaster)[] {
  const messages: (ToSlave | ToMaster)[] = [];
  readMessages(batch, messages);
  return messages;
}

/** Decodes a batch into a list. After an error, the list holds the messages before the malformed one. */
export function readMessages(batch: Batch, messages: (ToSlave | ToMaster)[]): void {
  const items = JSON.parse(batch.json) as unknown[];
  for (let at = 0; at < items.length;) {
    const isPacked = items[at] === Form.PACKED_VALUE;
    const start = isPacked ? at + 2 : at;
    const message = readMessage(items, start, batch);
    if (isPacked) unpackValue(message, batch, items[at + 1] as number);
    messages.push(message);
    at = start + LENGTHS[items[start] as number];
  }
}

/** How many items a message takes, by its form. */
const LENGTHS = [5, 4, 3, 2, 3, 2, 3, 2, 3, 5, 4];

function readMessage(items: unknown[], at: number, batch: Batch): ToSlave | ToMaster {
  switch (items[at]) {
    case Form.REQUEST:
    case Form.HANDED:
      return request(items, at, items[at + 4]);
    case Form.EMPTY_REQUEST:
    case Form.EMPTY_HANDED:
      return request(items, at, undefined);
    case Form.VALUE:
      return { type: 'value', id: idOf(items[at + 1]), value: items[at + 2] };
    case Form.ITEM:
      return { type: 'item', id: idOf(items[at + 1]), value: items[at + 2] };
    case Form.EMPTY_VALUE:
    case Form.EMPTY_ITEM:
      return { type: items[at] === Form.EMPTY_VALUE ? 'value' : 'item', id: idOf(items[at + 1]), value: undefined };
    case Form.BUFFER_ITEM:
      return { type: 'item', id: idOf(items[at + 1]), value: viewAsBuffer(batch.blobs[items[at + 2] as number]) };
    case Form.PACKED:
      return validateMessage(lazy.unpack().unpack(items[at + 2] as unknown[], batch, items[at + 1] as number));
    case Form.OTHER:
      return validateMessage(items[at + 1]);
    default:
      throw new TypeError('unknown form of message');
  }
}

function unpackValue(message: ToSlave | ToMaster, batch: Batch, firstBlob: number): void {
  const { unpack } = lazy.unpack();
  if (message.type === 'request') message.data = unpack(message.data as unknown[], batch, firstBlob);
  else if (message.type === 'value' || message.type === 'item') message.value = unpack(message.value as unknown[], batch, firstBlob);
  else throw new TypeError('a message without a value');
}

function request(items: unknown[], at: number, data: unknown): ToSlave {
  const id = idOf(items[at + 1]);
  const task = items[at + 2] as string;
  if (items[at] === Form.HANDED || items[at] === Form.EMPTY_HANDED)
    return { type: 'request', id, task, attempt: 1, metadata: null, data, limit: items[at + 3] as number };
  return { type: 'request', id, task, attempt: 1, metadata: items[at + 3] as Record<string, unknown> | null, data };
}

/* eslint-disable @typescript-eslint/no-require-imports -- each file that a slave loads delays its first answer, and most slaves do not need it */
const lazy = {
  unpack: lazily(() => require('./unpack') as typeof import('./unpack')),
};
/* eslint-enable @typescript-eslint/no-require-imports */
