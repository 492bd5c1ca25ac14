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
 * Messages <-> one text and the raw bytes that it refers to.
 *
 * The text is one flat JSON array, because that is what `JSON.parse` reads fastest: each message is its form, followed by
 * the fields of that form. Messages of plain data have forms of their own; all others are packed.
 */
export interface Batch {
  text: string;
  blobs: readonly Uint8Array[];
}

const REQUEST = 0; // id, task, metadata, data
const EMPTY_REQUEST = 1; // id, task, metadata; the data is undefined
const VALUE = 2; // id, value
const EMPTY_VALUE = 3; // id; the value is undefined
const PACKED = 4; // the index of its first blob, the packed message
const OTHER = 5; // the message, of another type and plain
const ITEM = 6; // id, value
const EMPTY_ITEM = 7; // id; the value is undefined
const BUFFER_ITEM = 8; // id, the index of the blob: what streams of bytes are made of

/** In bytes: more than a small message can have, even if every character must be escaped. */
const SMALL = 8 * 1024;

/** In bytes: what a small message is taken for when it is asked how much waits. */
const ASSUMED_SIZE = 64;

/** Collects messages. What `add` has taken is a snapshot: the sender may change its data at once. */
export class BatchWriter {
  /** The finished part of the text, in pieces. */
  private texts: string[] = [];
  /** What follows it: small values, copied, which become text all at once. */
  private items: unknown[] = [];
  private blobs: Uint8Array[] = [];
  private bytes = 0;

  /** @param maxPayload the most bytes that one message may have */
  constructor(public maxPayload: number) {}

  /** About how many bytes wait here. */
  get size(): number {
    return this.bytes;
  }

  /**
   * @param transfer buffers in it that are to be moved out of their owner's hands; when it throws, none is
   * @throws SerializationError when the message holds something that cannot travel
   * @throws PayloadTooLargeError
   */
  add(message: ToSlave | ToMaster, transfer?: readonly ArrayBuffer[]): void {
    if (transfer !== undefined) this.addText(message, transfer);
    else if (!this.addSmall(message)) this.addText(message);
  }

  /** What was collected; the writer is empty afterwards. */
  flush(): Batch {
    this.finishItems();
    const batch = { text: `[${this.texts.join()}]`, blobs: this.blobs };
    this.texts = [];
    this.blobs = [];
    this.bytes = 0;
    return batch;
  }

  /** The fast way for what most small messages are. @returns whether this message could go it */
  private addSmall(message: ToSlave | ToMaster): boolean {
    if (this.maxPayload < SMALL) return false;
    if (message.type === 'request') {
      const { id, task, metadata, data } = message;
      if (metadata !== null || !fitsCompactForm(message) || task.length > SMALL_STRING) return false;
      const copy = smallCopy(data);
      if (copy === NOT_SMALL) return false;
      if (copy === undefined) this.items.push(EMPTY_REQUEST, id, task, null);
      else this.items.push(REQUEST, id, task, null, copy);
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
    this.texts.push(toJson(this.items).slice(1, -1));
    this.items = [];
  }

  private addText(message: ToSlave | ToMaster, transfer?: readonly ArrayBuffer[]): void {
    const blobs: Uint8Array[] = [];
    const text = this.encode(message, blobs, transfer);
    const blobBytes = blobs.reduce((sum, blob) => sum + blob.byteLength, 0);
    measure(message, text, blobBytes + 4 * blobs.length, this.maxPayload);
    if (transfer !== undefined) detach(transfer, blobs);
    this.finishItems();
    this.texts.push(text);
    // Not all at once as arguments: there may be more of them than the stack holds.
    for (const blob of blobs) this.blobs.push(blob);
    this.bytes += text.length + blobBytes;
  }

  private encode(message: ToSlave | ToMaster, blobs: Uint8Array[], transfer?: readonly ArrayBuffer[]): string {
    try {
      if (message.type === 'request' && fitsCompactForm(message) && isJsonSafe(message.metadata)) {
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
      // The longest string that V8 can hold is passed: as text, this value can be sent nowhere.
      if (error instanceof RangeError && /string length/i.test(error.message)) throw new PayloadTooLargeError(Infinity, this.maxPayload);
      throw new SerializationError(
        message.type === 'request' || message.type === 'data' ? 'data' : 'value',
        `an object that threw while it was read (${safeString(error)})`,
      );
    }
  }
}

/**
 * The inverse of {@link BatchWriter}.
 *
 * @throws anything, when the batch was not made by it
 */
export function readBatch(batch: Batch): (ToSlave | ToMaster)[] {
  const messages: (ToSlave | ToMaster)[] = [];
  readMessages(batch, messages);
  return messages;
}

/** Like {@link readBatch}, into a list: when it throws, that holds the messages before the malformed one. */
export function readMessages({ text, blobs }: Batch, messages: (ToSlave | ToMaster)[]): void {
  const items = JSON.parse(text) as unknown[];
  for (let at = 0; at < items.length;) {
    switch (items[at]) {
      case REQUEST:
        messages.push(request(items, at, items[at + 4]));
        at += 5;
        break;
      case EMPTY_REQUEST:
        messages.push(request(items, at, undefined));
        at += 4;
        break;
      case VALUE:
        messages.push({ type: 'value', id: idOf(items[at + 1]), value: items[at + 2] });
        at += 3;
        break;
      case EMPTY_VALUE:
        messages.push({ type: 'value', id: idOf(items[at + 1]), value: undefined });
        at += 2;
        break;
      case ITEM:
        messages.push({ type: 'item', id: idOf(items[at + 1]), value: items[at + 2] });
        at += 3;
        break;
      case EMPTY_ITEM:
        messages.push({ type: 'item', id: idOf(items[at + 1]), value: undefined });
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
        throw new TypeError('no such form of message');
    }
  }
}

function request(items: unknown[], at: number, data: unknown): ToSlave {
  return {
    type: 'request',
    id: idOf(items[at + 1]),
    task: items[at + 2] as string,
    attempt: 1,
    metadata: items[at + 3] as Record<string, unknown> | null,
    data,
  };
}

/** Takes buffers out of their owner's hands, which costs no copy; those of the blobs among them go on as the message's own. */
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

/** Whether the forms of requests hold all that it says. */
function fitsCompactForm({ attempt, window, input }: Request): boolean {
  return attempt === 1 && window === undefined && input === undefined;
}

/* eslint-disable @typescript-eslint/no-require-imports -- each file that a slave loads delays its first answer, and most need neither */
const lazy = {
  pack: () => require('./pack') as typeof import('./pack'),
  unpack: () => require('./unpack') as typeof import('./unpack'),
};
/* eslint-enable @typescript-eslint/no-require-imports */
