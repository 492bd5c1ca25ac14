import { types } from 'node:util';
import { SerializationError } from '../errors';
import { safeString } from '../format';
import { cloneNative } from '../platform';

/** Objects of Node that are moved: the sender cannot use them any more. */
const MOVED: ReadonlySet<string> = new Set(['MessagePort', 'FileHandle', 'ReadableStream', 'WritableStream', 'TransformStream']);

/** Objects of Node that are copied. */
const COPIED: ReadonlySet<string> = new Set([
  'Blob',
  'File',
  'CryptoKey',
  'SecretKeyObject',
  'PublicKeyObject',
  'PrivateKeyObject',
  'X509Certificate',
]);

const classOf = (value: object) => (value.constructor as { name?: string } | undefined)?.name ?? '';

/** Whether an object can be posted to another thread as it is, by its class. */
export function isNativeObject(value: object): boolean {
  return types.isSharedArrayBuffer(value) || MOVED.has(classOf(value)) || COPIED.has(classOf(value));
}

/** The objects of a batch that are not encoded: Node itself posts them to another thread of the process. */
export class NativeObjects {
  /** Those that messages refer to by their index. */
  readonly values: object[] = [];
  /** Those of them that are moved. */
  readonly moved: object[] = [];

  /** @param mayMove whether objects may be moved: false where the messages are sent again */
  constructor(private readonly mayMove: boolean) {}

  /** Whether an object of this class may be added. */
  accepts(value: object): boolean {
    return this.mayMove || !MOVED.has(classOf(value));
  }

  /** @returns the index of the object, or undefined if an object of this class cannot be posted, whatever its name is */
  add(value: object): number | undefined {
    if (types.isSharedArrayBuffer(value) || MOVED.has(classOf(value))) return this.values.push(value) - 1;
    const copy = copyOf(value);
    return copy === undefined ? undefined : this.values.push(copy) - 1;
  }

  /**
   * Moves those that were added from an index on, so that the sender cannot use them any more.
   *
   * @throws SerializationError when one of them was moved before; then all stay as they are
   */
  moveFrom(index: number): void {
    const movable = this.values.slice(index).filter((value) => !types.isSharedArrayBuffer(value) && MOVED.has(classOf(value)));
    if (movable.length === 0) return;
    let copies: object[];
    try {
      copies = cloneNative(movable, movable);
    } catch (error) {
      throw new SerializationError('data', `an object that cannot be moved (${safeString(error)})`);
    }
    for (const [i, value] of movable.entries()) this.values[this.values.indexOf(value, index)] = copies[i];
    this.moved.push(...copies);
  }

  /** Drops those that were added from an index on. */
  dropFrom(index: number): void {
    this.values.length = index;
  }
}

/** Undefined if structured clone does not keep the class. */
function copyOf(value: object): object | undefined {
  try {
    const [copy] = cloneNative([value], []);
    return Object.getPrototypeOf(copy) === Object.getPrototypeOf(value) ? copy : undefined;
  } catch {
    return undefined;
  }
}
