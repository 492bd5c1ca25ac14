import { types } from 'node:util';
import { SerializationError } from '../errors';
import { copyBytes } from './bytes';
import { encodeError, isError } from './error-data';
import { isJsonSafe } from './json-safe';
import { hasToJson } from './to-json';
import { Node, type Packed, Slot } from './value-kinds';

/**
 * Packs a message. Bytes are copied into `blobs` and referred to by their index.
 *
 * @param transferred buffers that will be detached and need no copy. Each is removed from the set at its first use
 * @throws SerializationError with the path of a value that cannot be sent
 */
export function pack(root: object, blobs: Uint8Array[], transferred?: Set<ArrayBuffer>): Packed {
  return new Packer(blobs, false, transferred).pack(root);
}

class Packer {
  private readonly objects: object[] = [];
  private readonly indexes = new Map<object, number>();
  /** For each object, the index of the object that refers to it and the last step of its path. */
  private readonly parents: { parent: number; step: string }[] = [];

  constructor(
    private readonly blobs: Uint8Array[],
    /** Whether this only tests a property of an error: then properties that cannot be sent are not replaced. */
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
        return Number.isFinite(value) && !Object.is(value, -0) ? value : [Slot.NUMBER, Object.is(value, -0) ? '-0' : String(value)];
      case 'undefined':
        return [Slot.UNDEFINED];
      case 'bigint':
        // Hexadecimal is parsed in linear time, decimal is not: a hostile sender could block the receiver.
        return [Slot.BIGINT, value < 0n ? `-${(-value).toString(16)}` : value.toString(16)];
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
    if (types.isDate(value)) return [Node.DATE, Number.isNaN(value.getTime()) ? null : value.getTime()];
    if (types.isRegExp(value)) return [Node.REGEXP, value.source, value.flags, value.lastIndex];
    if (types.isMap(value)) return this.mapNode(value, at);
    if (types.isSet(value)) return [Node.SET, ...Array.from(value, (item, i) => this.slot(item, at, `.values()[${i}]`))];
    if (isError(value)) return this.errorNode(value, at);
    if (types.isArrayBuffer(value)) return [Node.BYTES, 'ArrayBuffer', this.blob(new Uint8Array(value))];
    if (ArrayBuffer.isView(value)) return this.viewNode(value);
    if (types.isBoxedPrimitive(value) && !types.isSymbolObject(value)) {
      return [Node.BOXED, this.slot((value as { valueOf(): unknown }).valueOf(), at, '')];
    }
    const prototype: unknown = Object.getPrototypeOf(value);
    // Accepts Object.prototype of other realms, such as vm contexts.
    const plain = prototype === null || (Object.getPrototypeOf(prototype) === null && Object.hasOwn(prototype as object, 'hasOwnProperty'));
    if (!plain) throw this.refusalOf(at, describe(value));
    const node: unknown[] = [Node.OBJECT];
    for (const [key, item] of Object.entries(value)) node.push(key, this.slot(item, at, pathStep(key)));
    return node;
  }

  private arrayNode(value: unknown[], at: number): unknown[] {
    const indexes = Object.keys(value).filter((key) => String(Number(key)) === key);
    // Not value.map, which would create an instance of a subclass.
    if (indexes.length === value.length) return [Node.ARRAY, ...Array.from(value, (item, i) => this.slot(item, at, `[${i}]`))];
    return [Node.SPARSE_ARRAY, value.length, ...indexes.flatMap((i) => [Number(i), this.slot(value[Number(i)], at, `[${i}]`)])];
  }

  private mapNode(value: Map<unknown, unknown>, at: number): unknown[] {
    const node: unknown[] = [Node.MAP];
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
        // Of the errors of an AggregateError, only those that cannot be sent are replaced.
        if (held !== item && key === 'errors' && Array.isArray(item)) held = Array.from(item, (one: unknown) => this.orPlaceholder(one));
        return [key, this.slot(held, at, pathStep(key))];
      });
    return [Node.ERROR, base, slots(hidden), slots(own)];
  }

  /** Replaces a property of an error that cannot be sent, such as a socket, by a description, so that the error itself arrives. */
  private orPlaceholder(item: unknown): unknown {
    // Properties of a nested error are replaced when it is packed.
    if (this.isProbe || isJsonSafe(item) || (typeof item === 'object' && item !== null && !types.isProxy(item) && isError(item)))
      return item;
    try {
      new Packer([], true).pack(item);
      return item;
    } catch (error) {
      return `[${error instanceof SerializationError ? error.found : 'a value'} that cannot be sent]`;
    }
  }

  private viewNode(value: ArrayBufferView): unknown[] {
    const bytes = new Uint8Array(value.buffer, value.byteOffset, value.byteLength);
    const kind = Buffer.isBuffer(value) ? 'Buffer' : types.isDataView(value) ? 'DataView' : (value as Uint8Array)[Symbol.toStringTag];
    return [Node.BYTES, kind, this.blob(bytes)];
  }

  /** Copies the bytes now, since the sender may change its buffer after the call. */
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
