import { types } from 'node:util';
import { lazily } from './lazily';
import { DistIOError, PayloadTooLargeError, SerializationError } from '../errors';
import { safeString } from '../format';
import { moveBuffers } from '../platform';
import { type Batch, Form } from './batch';
import { copyBytes } from './bytes';
import { type EncodedValue, encodeValue, type SharedData } from './encoded-value';
import { isJsonSafe } from './json-safe';
import { toJson } from './json';
import type { Request, ToMaster, ToSlave } from './messages';
import type { NativeObjects } from './native-objects';
import type { PackOptions } from './pack';
import { measure } from './payload-limit';
import { NOT_SMALL, SMALL_STRING, smallCopy } from './small-copy';

/** How a message is sent. */
export interface SendOptions {
  /** Buffers in the message that are detached and moved instead of being copied. */
  readonly transfer?: readonly ArrayBuffer[] | undefined;
  /** Given when other requests have the same data. */
  readonly shared?: SharedData | undefined;
}

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
  /** Undefined until a value is packed. */
  private native: NativeObjects | undefined;

  /**
   * @param maxPayload the largest size of one message, in bytes
   * @param sharesProcess whether the receiver is in this process. The blobs of a batch then belong to it, so that no other batch may have
   * them, and objects that Node can post to a thread are sent
   * @param mayMove whether such objects may be moved: false if the batch is sent again
   */
  constructor(
    public maxPayload: number,
    private readonly sharesProcess = false,
    private readonly mayMove = true,
  ) {}

  /** The approximate size of the collected messages, in bytes. */
  get size(): number {
    return this.bytes;
  }

  /**
   * Adds a message.
   *
   * @param options after an error, nothing is detached
   * @throws SerializationError when the message holds a value that cannot be sent
   * @throws PayloadTooLargeError when the message exceeds `maxPayload`
   */
  add(message: ToSlave | ToMaster, options: SendOptions = {}): void {
    if (options.transfer !== undefined || !this.addSmall(message)) this.addEncoded(message, options);
  }

  /** Returns the collected messages and clears the writer. */
  flush(): Batch {
    this.finishItems();
    const batch: Batch = { json: `[${this.parts.join()}]`, blobs: this.blobs };
    if (this.native !== undefined && this.native.values.length > 0) {
      batch.objects = this.native.values;
      batch.moved = this.native.moved;
      this.native = undefined;
    }
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
      if (limit === undefined) this.items.push(isEmpty ? Form.EMPTY_REQUEST : Form.REQUEST, id, task, null);
      else this.items.push(isEmpty ? Form.EMPTY_HANDED : Form.HANDED, id, task, limit);
      if (!isEmpty) this.items.push(copy);
    } else if (message.type === 'value' || message.type === 'item') {
      const { type, id, value } = message;
      const copy = smallCopy(value);
      if (copy === NOT_SMALL) return false;
      if (copy === undefined) this.items.push(type === 'value' ? Form.EMPTY_VALUE : Form.EMPTY_ITEM, id);
      else this.items.push(type === 'value' ? Form.VALUE : Form.ITEM, id, copy);
    } else return false;
    this.bytes += ASSUMED_SIZE;
    return true;
  }

  private finishItems(): void {
    if (this.items.length === 0) return;
    this.parts.push(toJson(this.items).slice(1, -1));
    this.items = [];
  }

  private addEncoded(message: ToSlave | ToMaster, options: SendOptions): void {
    const blobs: Uint8Array[] = [];
    const objects = this.native?.values.length ?? 0;
    let json: string;
    let blobBytes: number;
    try {
      json = this.encode(message, blobs, options);
      blobBytes = blobs.reduce((sum, blob) => sum + blob.byteLength, 0);
      measure(message, json, blobBytes + 4 * blobs.length, this.maxPayload);
      if (options.transfer !== undefined) detach(options.transfer, blobs);
      this.native?.moveFrom(objects);
    } catch (error) {
      this.native?.dropFrom(objects);
      throw error;
    }
    this.finishItems();
    this.parts.push(json);
    // No spread: there may be more blobs than the stack holds arguments.
    for (const blob of blobs) this.blobs.push(blob);
    this.bytes += json.length + blobBytes;
  }

  private encode(message: ToSlave | ToMaster, blobs: Uint8Array[], options: SendOptions): string {
    try {
      const compact = this.encodeCompact(message, blobs, options);
      if (compact !== undefined) return compact;
      if (isJsonSafe(message)) return `${Form.OTHER},${toJson(message)}`;
      return `${Form.PACKED},${this.blobs.length},${toJson(lazy.pack().pack(message, blobs, this.packOptions(options)))}`;
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

  /** @returns undefined if the message has no compact form */
  private encodeCompact(message: ToSlave | ToMaster, blobs: Uint8Array[], options: SendOptions): string | undefined {
    if (message.type === 'request') {
      const { id, task, metadata, data, limit } = message;
      if (!fitsCompactForm(message) || (limit !== undefined && metadata !== null) || !isJsonSafe(metadata)) return undefined;
      const head = `${id},${JSON.stringify(task)},${limit ?? toJson(metadata)}`;
      if (data === undefined) return `${limit === undefined ? Form.EMPTY_REQUEST : Form.EMPTY_HANDED},${head}`;
      const encoded = this.encodeData(data, options);
      return this.join(`${limit === undefined ? Form.REQUEST : Form.HANDED},${head}`, encoded, blobs);
    }
    if (message.type !== 'value' && message.type !== 'item') return undefined;
    const { type, id, value } = message;
    if (type === 'item' && Buffer.isBuffer(value) && types.isUint8Array(value)) {
      blobs.push(copyBytes(value));
      return `${Form.BUFFER_ITEM},${id},${this.blobs.length}`;
    }
    return this.join(`${type === 'value' ? Form.VALUE : Form.ITEM},${id}`, encodeValue(value, 'value', this.packOptions()), blobs);
  }

  /** Encodes the data of a request, or takes what was encoded for another one. */
  private encodeData(data: unknown, options: SendOptions): EncodedValue {
    const { shared } = options;
    if (shared === undefined) return encodeValue(data, 'data', this.packOptions(options));
    if (shared.encoded === undefined) {
      const objects = this.native?.values.length ?? 0;
      const encoded = encodeValue(data, 'data', this.packOptions());
      // It refers to objects of this batch.
      if ((this.native?.values.length ?? 0) > objects) return encoded;
      shared.encoded = encoded;
    }
    return this.sharesProcess ? { ...shared.encoded, blobs: shared.encoded.blobs.map(copyBytes) } : shared.encoded;
  }

  private packOptions({ transfer }: SendOptions = {}): PackOptions {
    if (this.sharesProcess) this.native ??= new (lazy.native().NativeObjects)(this.mayMove);
    return { transferred: transfer && new Set(transfer), objects: this.native };
  }

  private join(head: string, encoded: EncodedValue, blobs: Uint8Array[]): string {
    for (const blob of encoded.blobs) blobs.push(blob);
    return encoded.isPacked ? `${Form.PACKED_VALUE},${this.blobs.length},${head},${encoded.json}` : `${head},${encoded.json}`;
  }
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

/* eslint-disable @typescript-eslint/no-require-imports -- each file that a slave loads delays its first answer, and most slaves do not need it */
const lazy = {
  native: lazily(() => require('./native-objects') as typeof import('./native-objects')),
  pack: lazily(() => require('./pack') as typeof import('./pack')),
};
/* eslint-enable @typescript-eslint/no-require-imports */
