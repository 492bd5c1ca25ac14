import { types } from 'node:util';
import { DistIOError, PayloadTooLargeError, SerializationError } from '../errors';
import { safeString } from '../format';
import type { Request, ToMaster, ToSlave } from './messages';
import { viewAsBuffer, copyBytes } from './bytes';
import { measure } from './payload-limit';
import { moveBuffers } from '../platform';
import { isJsonSafe } from './json-safe';
import { SMALL_STRING, smallCopy, NOT_SMALL } from './small-copy';
import { toJson } from './json';
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
}

const REQUEST = 0; // id, task, metadata, data
const EMPTY_REQUEST = 1; // id, task, metadata; the data is undefined
const VALUE = 2; // id, value
const EMPTY_VALUE = 3; // id; the value is undefined
const PACKED = 4; // index of the first blob, packed message
const OTHER = 5; // the message: any other type, with JSON-like data
const ITEM = 6; // id, value
const EMPTY_ITEM = 7; // id; the value is undefined
const BUFFER_ITEM = 8; // id, index of the blob: an item of a byte stream
const HANDED = 9; // id, task, limit, data: a request that is handed ahead
const EMPTY_HANDED = 10; // id, task, limit; the data is undefined

/** In bytes: an upper bound of a small message, even if every character is escaped. */
const SMALL = 8 * 1024;

/** In bytes: the assumed size of a small message. */
const ASSUMED_SIZE = 64;

/** Collects messages. `add` takes a snapshot, so that the sender may change its data immediately. */
export class BatchWriter {
  /** The encoded messages, except those in `items`. */
  private parts: string[] = [];
  /** Copies of the fields of later small messages; encoded together. */
  private items: unknown[] = [];
  private blobs: Uint8Array[] = [];
  private bytes = 0;

  /** @param maxPayload the largest size of one message, in bytes */
  constructor(public maxPayload: number) {}

  /** The approximate size of the collected messages, in bytes. */
  get size(): number {
    return this.bytes;
  }

  /**
   * Adds a message.
   *
   * @param transfer buffers in the message that are detached and moved; after an error, none is detached
   * @throws SerializationError when the message holds a value that cannot be sent
   * @throws PayloadTooLargeError when the message exceeds `maxPayload`
   */
  add(message: ToSlave | ToMaster, transfer?: readonly ArrayBuffer[]): void {
    if (transfer !== undefined) this.addEncoded(message, transfer);
    else if (!this.addSmall(message)) this.addEncoded(message);
  }

  /** Returns the collected messages and clears the writer. */
  flush(): Batch {
    this.finishItems();
    const batch = { json: `[${this.parts.join()}]`, blobs: this.blobs };
    this.parts = [];
    this.blobs = [];
    this.bytes = 0;
    return batch;
  }

  /**
   * Adds a small message by the fast path.
   *
   * @returns false if the message does not qualify
   */
  private addSmall(message: ToSlave | ToMaster): boolean {
    if (this.maxPayload < SMALL) return false;
    if (message.type === 'request') {
      const { id, task, metadata, data, limit } = message;
      if (metadata !== null || !fitsCompactForm(message) || task.length > SMALL_STRING) return false;
      const copy = smallCopy(data);
      if (copy === NOT_SMALL) return false;
      const isEmpty = copy === undefined;
      if (limit === undefined) this.items.push(isEmpty ? EMPTY_REQUEST : REQUEST, id, task, null);
      else this.items.push(isEmpty ? EMPTY_HANDED : HANDED, id, task, limit);
      if (!isEmpty) this.items.push(copy);
    } else if (message.type === 'value' || message.type === 'item') {
      const { type, id, value } = message;
      const copy = smallCopy(value);
      if (copy === NOT_SMALL) return false;
      if (copy === undefined) this.items.push(type === 'value' ? EMPTY_VALUE : EMPTY_ITEM, id);
      else this.items.push(type === 'value' ? VALUE : ITEM, id, copy);
    } else return false;
    this.bytes += ASSUMED_SIZE;
    return true;
  }

  private finishItems(): void {
    if (this.items.length === 0) return;
    this.parts.push(toJson(this.items).slice(1, -1));
    this.items = [];
  }

  private addEncoded(message: ToSlave | ToMaster, transfer?: readonly ArrayBuffer[]): void {
    const blobs: Uint8Array[] = [];
    const json = this.encode(message, blobs, transfer);
    const blobBytes = blobs.reduce((sum, blob) => sum + blob.byteLength, 0);
    measure(message, json, blobBytes + 4 * blobs.length, this.maxPayload);
    if (transfer !== undefined) detach(transfer, blobs);
    this.finishItems();
    this.parts.push(json);
    // No spread: there may be more blobs than the stack holds arguments.
    for (const blob of blobs) this.blobs.push(blob);
    this.bytes += json.length + blobBytes;
  }

  private encode(message: ToSlave | ToMaster, blobs: Uint8Array[], transfer?: readonly ArrayBuffer[]): string {
    try {
      if (message.type === 'request' && fitsCompactForm(message) && message.limit === undefined && isJsonSafe(message.metadata)) {
        const head = `${message.id},${JSON.stringify(message.task)},${toJson(message.metadata)}`;
        if (message.data === undefined) return `${EMPTY_REQUEST},${head}`;
        if (isJsonSafe(message.data)) return `${REQUEST},${head},${toJson(message.data)}`;
      } else if ((message.type === 'value' || message.type === 'item') && isJsonSafe(message.value)) {
        return `${message.type === 'value' ? VALUE : ITEM},${message.id},${toJson(message.value)}`;
      } else if (message.type === 'item' && Buffer.isBuffer(message.value) && types.isUint8Array(message.value)) {
        blobs.push(copyBytes(message.value));
        return `${BUFFER_ITEM},${message.id},${this.blobs.length}`;
      } else if (isJsonSafe(message)) {
        return `${OTHER},${toJson(message)}`;
      }
      return `${PACKED},${this.blobs.length},${toJson(lazy.pack().pack(message, blobs, transfer && new Set(transfer)))}`;
    } catch (error) {
      if (error instanceof DistIOError) throw error;
      // The JSON exceeds V8's maximum string length.
      if (error instanceof RangeError && /string length/i.test(error.message)) throw new PayloadTooLargeError(Infinity, this.maxPayload);
      throw new SerializationError(
        message.type === 'request' || message.type === 'data' ? 'data' : 'value',
        `an object that threw while it was read (${safeString(error)})`,
      );
    }
  }
}

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
export function readMessages({ json, blobs }: Batch, messages: (ToSlave | ToMaster)[]): void {
  const items = JSON.parse(json) as unknown[];
  for (let at = 0; at < items.length;) {
    switch (items[at]) {
      case REQUEST:
      case HANDED:
        messages.push(request(items, at, items[at + 4]));
        at += 5;
        break;
      case EMPTY_REQUEST:
      case EMPTY_HANDED:
        messages.push(request(items, at, undefined));
        at += 4;
        break;
      case VALUE:
        messages.push({ type: 'value', id: idOf(items[at + 1]), value: items[at + 2] });
        at += 3;
        break;
      case ITEM:
        messages.push({ type: 'item', id: idOf(items[at + 1]), value: items[at + 2] });
        at += 3;
        break;
      case EMPTY_VALUE:
      case EMPTY_ITEM:
        messages.push({ type: items[at] === EMPTY_VALUE ? 'value' : 'item', id: idOf(items[at + 1]), value: undefined });
        at += 2;
        break;
      case BUFFER_ITEM:
        messages.push({ type: 'item', id: idOf(items[at + 1]), value: viewAsBuffer(blobs[items[at + 2] as number]) });
        at += 3;
        break;
      case PACKED:
        messages.push(validateMessage(lazy.unpack().unpack(items[at + 2] as unknown[], blobs, items[at + 1] as number)));
        at += 3;
        break;
      case OTHER:
        messages.push(validateMessage(items[at + 1]));
        at += 2;
        break;
      default:
        throw new TypeError('unknown form of message');
    }
  }
}

function request(items: unknown[], at: number, data: unknown): ToSlave {
  const id = idOf(items[at + 1]);
  const task = items[at + 2] as string;
  if (items[at] === HANDED || items[at] === EMPTY_HANDED)
    return { type: 'request', id, task, attempt: 1, metadata: null, data, limit: items[at + 3] as number };
  return { type: 'request', id, task, attempt: 1, metadata: items[at + 3] as Record<string, unknown> | null, data };
}

/** Detaches buffers from their owner without a copy. Blobs over these buffers are replaced by views of the moved memory. */
function detach(buffers: readonly ArrayBuffer[], blobs: Uint8Array[]): void {
  const unique = [...new Set(buffers)];
  let moved: ArrayBuffer[];
  try {
    moved = moveBuffers(unique);
  } catch (error) {
    throw new SerializationError('metadata.transfer', `a list of buffers that cannot all be moved (${safeString(error)})`);
  }
  for (const [i, blob] of blobs.entries()) {
    const at = unique.indexOf(blob.buffer as ArrayBuffer);
    if (at >= 0) blobs[i] = new Uint8Array(moved[at]);
  }
}

/** Whether the compact forms of requests can express this request. */
function fitsCompactForm({ attempt, window, input }: Request): boolean {
  return attempt === 1 && window === undefined && input === undefined;
}

/* eslint-disable @typescript-eslint/no-require-imports -- each file that a slave loads delays its first answer, and most slaves need neither */
const lazy = {
  pack: () => require('./pack') as typeof import('./pack'),
  unpack: () => require('./unpack') as typeof import('./unpack'),
};
/* eslint-enable @typescript-eslint/no-require-imports */
