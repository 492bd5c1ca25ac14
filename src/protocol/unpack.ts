import { Date } from '../platform';
import type { Batch } from './batch';
import { ownBuffer, viewAsBuffer } from './bytes';
import { createError, setErrorProperty } from './error-data';
import { Node, Slot, TYPED_ARRAYS } from './value-kinds';

/**
 * Unpacks a message. Builds data only: no input makes it call code of the program.
 *
 * @param first index of the message's first blob in `blobs`
 * @param batch the blobs and the native objects that it refers to
 * @throws an error of any class when the input is malformed
 */
export function unpack(packed: readonly unknown[], batch: Pick<Batch, 'blobs' | 'objects'>, first = 0): unknown {
  return new Unpacker(packed, batch, first).unpack();
}

class Unpacker {
  private readonly shells: unknown[] = [];

  constructor(
    private readonly packed: readonly unknown[],
    private readonly batch: Pick<Batch, 'blobs' | 'objects'>,
    private readonly first: number,
  ) {}

  unpack(): unknown {
    const nodes = this.packed.slice(1) as unknown[][];
    for (const node of nodes) this.shells.push(this.shell(node));
    nodes.forEach((node, i) => this.fill(this.shells[i], node));
    return this.value(this.packed[0]);
  }

  /** Creates an empty object of the right kind, so that other objects can refer to it. */
  private shell(node: unknown[]): unknown {
    switch (node[0]) {
      case Node.OBJECT:
        return {};
      case Node.ARRAY:
      case Node.SPARSE_ARRAY:
        return [];
      case Node.MAP:
        return new Map();
      case Node.SET:
        return new Set();
      case Node.DATE:
        return new Date(node[1] === null ? NaN : (node[1] as number));
      case Node.REGEXP: {
        const expression = new RegExp(node[1] as string, node[2] as string);
        expression.lastIndex = node[3] as number;
        return expression;
      }
      case Node.BYTES:
        return this.bytes(node[1] as string, node[2] as number);
      case Node.NATIVE:
        return this.native(node[1] as number);
      case Node.SHARED_VIEW:
        return this.sharedView(node);
      case Node.BOXED:
        return Object(this.value(node[1]));
      case Node.ERROR: {
        const hidden = node[2] as unknown[];
        const held = (key: string) => (hidden.includes(key) ? hidden[hidden.indexOf(key) + 1] : undefined);
        return createError(node[1] as string, held('message'), held('name'));
      }
      default:
        throw new TypeError('unknown kind of node');
    }
  }

  /** Adds the members. */
  private fill(shell: unknown, node: unknown[]): void {
    switch (node[0]) {
      case Node.OBJECT:
        for (let i = 1; i < node.length; i += 2) setOwn(shell as object, node[i] as string, this.value(node[i + 1]));
        break;
      case Node.ARRAY:
        for (let i = 1; i < node.length; i++) (shell as unknown[]).push(this.value(node[i]));
        break;
      case Node.SPARSE_ARRAY:
        (shell as unknown[]).length = node[1] as number;
        for (let i = 2; i < node.length; i += 2) (shell as unknown[])[node[i] as number] = this.value(node[i + 1]);
        break;
      case Node.MAP:
        for (let i = 1; i < node.length; i += 2) (shell as Map<unknown, unknown>).set(this.value(node[i]), this.value(node[i + 1]));
        break;
      case Node.SET:
        for (let i = 1; i < node.length; i++) (shell as Set<unknown>).add(this.value(node[i]));
        break;
      case Node.ERROR:
        for (const [list, enumerable] of [
          [node[2], false],
          [node[3], true],
        ] as [unknown[], boolean][]) {
          for (let i = 0; i < list.length; i += 2) {
            const key = list[i] as string;
            // The constructor of DOMException has set these.
            if (shell instanceof DOMException && (key === 'name' || key === 'message')) continue;
            setErrorProperty(shell as Error, key, this.value(list[i + 1]), enumerable);
          }
        }
    }
  }

  private value(slot: unknown): unknown {
    if (typeof slot !== 'object' || slot === null) return slot;
    const [kind, content] = slot as [unknown, string];
    if (typeof kind === 'number') {
      if (!(kind in this.shells)) throw new RangeError('reference to a missing node');
      return this.shells[kind];
    }
    if (kind === Slot.UNDEFINED) return undefined;
    if (kind === Slot.NUMBER) return Number(content);
    if (kind === Slot.BIGINT) return content.startsWith('-') ? -BigInt(`0x${content.slice(1)}`) : BigInt(`0x${content}`);
    throw new TypeError('unknown kind of slot');
  }

  private native(index: number): object {
    const object = this.batch.objects?.[index];
    if (object === undefined) throw new RangeError('reference to a missing object');
    return object;
  }

  private sharedView([, kind, index, offset, length]: unknown[]): unknown {
    const memory = this.native(index as number) as SharedArrayBuffer;
    const range = [offset, length] as [number, number];
    if (kind === 'Buffer') return Buffer.from(memory, ...range);
    if (kind === 'DataView') return new DataView(memory, ...range);
    return new (typedArray(kind as string))(memory, ...range);
  }

  private bytes(kind: string, index: number): unknown {
    const blob = this.batch.blobs[this.first + index];
    if ((blob as unknown) === undefined) throw new RangeError('reference to a missing blob');
    if (kind === 'Buffer') return viewAsBuffer(blob);
    // The buffer holds exactly these bytes: elements are aligned, and `buffer` exposes no other data.
    const buffer = ownBuffer(blob);
    if (kind === 'ArrayBuffer') return buffer;
    if (kind === 'DataView') return new DataView(buffer);
    return new (typedArray(kind))(buffer);
  }
}

type TypedArrayConstructor = new (buffer: ArrayBufferLike, byteOffset?: number, length?: number) => ArrayBufferView;

function typedArray(kind: string): TypedArrayConstructor {
  if (!Object.hasOwn(TYPED_ARRAYS, kind)) throw new TypeError('unknown kind of bytes');
  return TYPED_ARRAYS[kind as keyof typeof TYPED_ARRAYS];
}

/** Defines inherited keys: assigning `__proto__` would set the prototype, and keys of a frozen prototype cannot be assigned. */
function setOwn(object: object, key: string, value: unknown): void {
  if (key in object) Object.defineProperty(object, key, { value, enumerable: true, writable: true, configurable: true });
  else (object as Record<string, unknown>)[key] = value;
}
