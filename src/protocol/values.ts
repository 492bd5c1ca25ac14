import { types } from 'node:util';
import { SerializationError } from '../errors';
import { viewAsBuffer, copyBytes, ownBuffer } from './bytes';
import { createError, encodeError, setErrorProperty, isError } from './error-data';
import { hasToJson } from './to-json';
import { isJsonSafe } from './json-safe';
import { Date } from '../platform';

/**
 * Any value <-> JSON and raw bytes, with the fidelity of structured clone, errors included, and cycles and shared
 * references kept.
 *
 * A packed value is `[slot, node, node, …]`. A *slot* stands where a value stands: a JSON primitive for itself, `[n]` for the
 * n-th node, or `['u']` undefined, `['n', text]` a number that JSON lacks, `['i', hex]` a BigInt. A *node* is one object: its
 * kind, then what it holds. Both directions go through the nodes in a loop, so depth costs no stack.
 */
export type Packed = [root: unknown, ...nodes: unknown[]];

/**
 * Packs a message; bytes are copied into `blobs` and referred to by their index.
 *
 * @param transferred buffers that need no copy, since they will be the message's own. The first that stands for one takes it out
 * @throws SerializationError naming the path of what cannot travel
 */
export function pack(root: object, blobs: Uint8Array[], transferred?: Set<ArrayBuffer>): Packed {
  return new Packer(blobs, false, transferred).pack(root);
}

/**
 * The inverse of {@link pack}. Builds data only: nothing in the input can make it call code of the program.
 *
 * @param first the index of its first blob, among those of others
 * @throws anything, when the input was not made by `pack`
 */
export function unpack(packed: readonly unknown[], blobs: readonly Uint8Array[], first = 0): unknown {
  return new Unpacker(packed, blobs, first).unpack();
}

const TYPED_ARRAYS = {
  Int8Array,
  Uint8Array,
  Uint8ClampedArray,
  Int16Array,
  Uint16Array,
  Int32Array,
  Uint32Array,
  Float32Array,
  Float64Array,
  BigInt64Array,
  BigUint64Array,
};

class Packer {
  private readonly objects: object[] = [];
  private readonly indexes = new Map<object, number>();
  /** For each object, the object that led to it and the last step of its path. */
  private readonly parents: { parent: number; step: string }[] = [];

  constructor(
    private readonly blobs: Uint8Array[],
    /** Inside a property of an error that is being tried: there, nothing is replaced. */
    private readonly isProbe: boolean,
    private readonly transferred?: Set<ArrayBuffer>,
  ) {}

  pack(root: unknown): Packed {
    const packed: Packed = [this.slot(root, -1, '')];
    for (let i = 0; i < this.objects.length; i++) packed.push(this.node(this.objects[i], i));
    return packed;
  }

  private slot(value: unknown, parent: number, step: string): unknown {
    switch (typeof value) {
      case 'string':
      case 'boolean':
        return value;
      case 'number':
        return Number.isFinite(value) && !Object.is(value, -0) ? value : ['n', Object.is(value, -0) ? '-0' : String(value)];
      case 'undefined':
        return ['u'];
      case 'bigint':
        // Hexadecimal is parsed in linear time: a hostile million of digits costs nothing.
        return ['i', value < 0n ? `-${(-value).toString(16)}` : value.toString(16)];
      case 'function':
        throw this.refusal(parent, step, value.name === '' ? 'a function' : `the function ${value.name}`);
      case 'symbol':
        throw this.refusal(parent, step, `the symbol ${String(value)}`);
      case 'object':
        break;
    }
    if (value === null) return null;
    const known = this.indexes.get(value);
    if (known !== undefined) return [known];
    if (!types.isProxy(value) && hasToJson(value)) {
      const json: unknown = value.toJSON();
      if (json === value) throw this.refusal(parent, step, 'an object whose toJSON() returns itself');
      return this.slot(json, parent, step);
    }
    const index = this.objects.push(value) - 1;
    this.indexes.set(value, index);
    this.parents.push({ parent, step });
    return [index];
  }

  private node(value: object, at: number): unknown[] {
    if (types.isProxy(value)) throw this.refusalOf(at, 'a proxy');
    if (Array.isArray(value)) return this.arrayNode(value, at);
    if (types.isDate(value)) return ['d', Number.isNaN(value.getTime()) ? null : value.getTime()];
    if (types.isRegExp(value)) return ['r', value.source, value.flags, value.lastIndex];
    if (types.isMap(value)) return this.mapNode(value, at);
    if (types.isSet(value)) return ['s', ...Array.from(value, (item, i) => this.slot(item, at, `.values()[${i}]`))];
    if (isError(value)) return this.errorNode(value, at);
    if (types.isArrayBuffer(value)) return ['b', 'ArrayBuffer', this.blob(new Uint8Array(value))];
    if (ArrayBuffer.isView(value)) return this.viewNode(value);
    if (types.isBoxedPrimitive(value) && !types.isSymbolObject(value)) {
      return ['w', this.slot((value as { valueOf(): unknown }).valueOf(), at, '')];
    }
    const prototype: unknown = Object.getPrototypeOf(value);
    // The root of another realm (a vm context, a test runner) is as good as ours.
    const plain = prototype === null || (Object.getPrototypeOf(prototype) === null && Object.hasOwn(prototype as object, 'hasOwnProperty'));
    if (!plain) throw this.refusalOf(at, describe(value));
    const node: unknown[] = ['o'];
    for (const [key, item] of Object.entries(value)) node.push(key, this.slot(item, at, pathStep(key)));
    return node;
  }

  private arrayNode(value: unknown[], at: number): unknown[] {
    const indexes = Object.keys(value).filter((key) => String(Number(key)) === key);
    // Not value.map: that of a subclass would make another instance of it.
    if (indexes.length === value.length) return ['a', ...Array.from(value, (item, i) => this.slot(item, at, `[${i}]`))];
    return ['h', value.length, ...indexes.flatMap((i) => [Number(i), this.slot(value[Number(i)], at, `[${i}]`)])];
  }

  private mapNode(value: Map<unknown, unknown>, at: number): unknown[] {
    const node: unknown[] = ['m'];
    let i = 0;
    for (const [key, item] of value) {
      const name = typeof key === 'string' || typeof key === 'number' ? `.get(${JSON.stringify(key)})` : `.values()[${i}]`;
      node.push(this.slot(key, at, `.keys()[${i}]`), this.slot(item, at, name));
      i++;
    }
    return node;
  }

  private errorNode(error: Error, at: number): unknown[] {
    const { base, hidden, own } = encodeError(error);
    const slots = (pairs: [string, unknown][]) =>
      pairs.flatMap(([key, item]) => {
        let held = this.orPlaceholder(item);
        // The errors of an AggregateError: one of them must not take the others with it.
        if (held !== item && key === 'errors' && Array.isArray(item)) held = Array.from(item, (one: unknown) => this.orPlaceholder(one));
        return [key, this.slot(held, at, pathStep(key))];
      });
    return ['e', base, slots(hidden), slots(own)];
  }

  /** An error must arrive even when it drags along a socket or a function: such a property becomes a note of what stood there. */
  private orPlaceholder(item: unknown): unknown {
    // An error sees to its own properties.
    if (this.isProbe || isJsonSafe(item) || (typeof item === 'object' && item !== null && !types.isProxy(item) && isError(item)))
      return item;
    try {
      new Packer([], true).pack(item);
      return item;
    } catch (error) {
      return `[${error instanceof SerializationError ? error.found : 'a value'} that cannot travel]`;
    }
  }

  private viewNode(value: ArrayBufferView): unknown[] {
    const bytes = new Uint8Array(value.buffer, value.byteOffset, value.byteLength);
    const kind = Buffer.isBuffer(value) ? 'Buffer' : types.isDataView(value) ? 'DataView' : (value as Uint8Array)[Symbol.toStringTag];
    return ['b', kind, this.blob(bytes)];
  }

  /** Copied now: the sender may change its buffer as soon as the call returns. */
  private blob(bytes: Uint8Array): number {
    const isWhole = bytes.byteLength === bytes.buffer.byteLength;
    const moves = isWhole && this.transferred?.delete(bytes.buffer as ArrayBuffer);
    return this.blobs.push(moves ? bytes : copyBytes(bytes)) - 1;
  }

  private refusalOf(at: number, found: string): SerializationError {
    return this.refusal(this.parents[at].parent, this.parents[at].step, found);
  }

  private refusal(parent: number, step: string, found: string): SerializationError {
    let path = step;
    for (let at = parent; at >= 0; at = this.parents[at].parent) path = this.parents[at].step + path;
    return new SerializationError(path.replace(/^\./, ''), found);
  }
}

class Unpacker {
  private readonly shells: unknown[] = [];

  constructor(
    private readonly packed: readonly unknown[],
    private readonly blobs: readonly Uint8Array[],
    private readonly first: number,
  ) {}

  unpack(): unknown {
    const nodes = this.packed.slice(1) as unknown[][];
    for (const node of nodes) this.shells.push(this.shell(node));
    nodes.forEach((node, i) => this.fill(this.shells[i], node));
    return this.value(this.packed[0]);
  }

  /** An object of the right kind, still empty, so that others may refer to it. */
  private shell(node: unknown[]): unknown {
    switch (node[0]) {
      case 'o':
        return {};
      case 'a':
      case 'h':
        return [];
      case 'm':
        return new Map();
      case 's':
        return new Set();
      case 'd':
        return new Date(node[1] === null ? NaN : (node[1] as number));
      case 'r': {
        const expression = new RegExp(node[1] as string, node[2] as string);
        expression.lastIndex = node[3] as number;
        return expression;
      }
      case 'b':
        return this.bytes(node[1] as string, node[2] as number);
      case 'w':
        return Object(this.value(node[1]));
      case 'e': {
        const hidden = node[2] as unknown[];
        const held = (key: string) => (hidden.includes(key) ? hidden[hidden.indexOf(key) + 1] : undefined);
        return createError(node[1] as string, held('message'), held('name'));
      }
      default:
        throw new TypeError('no such kind of node');
    }
  }

  private fill(shell: unknown, node: unknown[]): void {
    switch (node[0]) {
      case 'o':
        for (let i = 1; i < node.length; i += 2) setOwn(shell as object, node[i] as string, this.value(node[i + 1]));
        break;
      case 'a':
        for (let i = 1; i < node.length; i++) (shell as unknown[]).push(this.value(node[i]));
        break;
      case 'h':
        (shell as unknown[]).length = node[1] as number;
        for (let i = 2; i < node.length; i += 2) (shell as unknown[])[node[i] as number] = this.value(node[i + 1]);
        break;
      case 'm':
        for (let i = 1; i < node.length; i += 2) (shell as Map<unknown, unknown>).set(this.value(node[i]), this.value(node[i + 1]));
        break;
      case 's':
        for (let i = 1; i < node.length; i++) (shell as Set<unknown>).add(this.value(node[i]));
        break;
      case 'e':
        for (const [list, enumerable] of [
          [node[2], false],
          [node[3], true],
        ] as [unknown[], boolean][]) {
          for (let i = 0; i < list.length; i += 2) {
            const key = list[i] as string;
            // A DOMException has its name and message from its constructor.
            if (shell instanceof DOMException && (key === 'name' || key === 'message')) continue;
            setErrorProperty(shell as Error, key, this.value(list[i + 1]), enumerable);
          }
        }
    }
  }

  private value(slot: unknown): unknown {
    if (typeof slot !== 'object' || slot === null) return slot;
    const [kind, text] = slot as [unknown, string];
    if (typeof kind === 'number') {
      if (!(kind in this.shells)) throw new RangeError('no such node');
      return this.shells[kind];
    }
    if (kind === 'u') return undefined;
    if (kind === 'n') return Number(text);
    if (kind === 'i') return text.startsWith('-') ? -BigInt(`0x${text.slice(1)}`) : BigInt(`0x${text}`);
    throw new TypeError('no such kind of slot');
  }

  private bytes(kind: string, index: number): unknown {
    const blob = this.blobs[this.first + index];
    if ((blob as unknown) === undefined) throw new RangeError('no such blob');
    if (kind === 'Buffer') return viewAsBuffer(blob);
    // A view of an exact buffer of its own: elements are aligned, and nothing else can be reached through `buffer`.
    const buffer = ownBuffer(blob);
    if (kind === 'ArrayBuffer') return buffer;
    if (kind === 'DataView') return new DataView(buffer);
    if (!Object.hasOwn(TYPED_ARRAYS, kind)) throw new TypeError('no such kind of bytes');
    return new TYPED_ARRAYS[kind as keyof typeof TYPED_ARRAYS](buffer);
  }
}

/** A key `__proto__` must become a property, not a prototype, and what is inherited from a frozen prototype cannot be assigned. */
function setOwn(object: object, key: string, value: unknown): void {
  if (key in object) Object.defineProperty(object, key, { value, enumerable: true, writable: true, configurable: true });
  else (object as Record<string, unknown>)[key] = value;
}

function pathStep(key: string): string {
  return /^[A-Za-z_$][\w$]*$/.test(key) ? `.${key}` : `[${JSON.stringify(key)}]`;
}

function describe(value: object): string {
  if (types.isPromise(value)) return 'a promise';
  if (types.isGeneratorObject(value)) return 'a generator';
  if (Symbol.iterator in value && 'next' in value) return 'an iterator';
  const name = (value.constructor as { name?: string } | undefined)?.name;
  return name === undefined || name === '' ? 'an object of an unknown class' : `an instance of ${name}`;
}
