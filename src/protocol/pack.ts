import { types } from 'node:util';
import { SerializationError } from '../errors';
import { copyBytes } from './bytes';
import { encodeError, isError } from './error-data';
import { isJsonSafe } from './json-safe';
import { isNativeObject, type NativeObjects } from './native-objects';
import { hasToJson } from './to-json';
import { Node, type Packed, Slot } from './value-kinds';

/** Of a value that is packed. */
export interface PackOptions {
  /** Buffers that will be detached and need no copy. Each is removed from the set at its first use. */
  readonly transferred?: Set<ArrayBuffer> | undefined;
  /** Takes the objects that are not encoded. Undefined where they cannot be sent. */
  readonly objects?: NativeObjects | undefined;
  /** What the path of a value that cannot be sent begins with. */
  readonly name?: string;
}

/**
 * Packs a value. Bytes are copied into `blobs` and referred to by their index.
 *
 * @throws SerializationError with the path of a value that cannot be sent
 */
export function pack(root: unknown, blobs: Uint8Array[], options: PackOptions = {}): Packed {
  return new Packer(blobs, false, options).pack(root, options.name);
}

/** The last step of a path, which is written only for an error: a member, an index, the n-th key or value, or a name as it is. */
type Step = 'member' | 'index' | 'key' | 'value' | 'entry' | 'name';

class Packer {
  private readonly objects: object[] = [];
  private readonly indexes = new Map<object, number>();
  /** For each object, the index of the object that refers to it and the last step of its path. */
  private readonly parents: { parent: number; step: Step; key: unknown }[] = [];

  constructor(
    private readonly blobs: Uint8Array[],
    /** Whether this only tests a property of an error: then properties that cannot be sent are not replaced. */
    private readonly isProbe: boolean,
    private readonly options: PackOptions = {},
  ) {}

  pack(root: unknown, name = ''): Packed {
    const packed: Packed = [this.slot(root, -1, 'name', name)];
    for (let i = 0; i < this.objects.length; i++) packed.push(this.node(this.objects[i], i));
    return packed;
  }

  private slot(value: unknown, parent: number, step: Step, key: unknown): unknown {
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
        throw this.refusal({ parent, step, key }, value.name === '' ? 'a function' : `the function ${value.name}`);
      case 'symbol':
        throw this.refusal({ parent, step, key }, `the symbol ${String(value)}`);
      case 'object':
        break;
    }
    if (value === null) return null;
    const known = this.indexes.get(value);
    if (known !== undefined) return [known];
    if (!types.isProxy(value) && hasToJson(value)) {
      const json: unknown = value.toJSON();
      if (json === value) throw this.refusal({ parent, step, key }, 'an object whose toJSON() returns itself');
      return this.slot(json, parent, step, key);
    }
    const index = this.objects.push(value) - 1;
    this.indexes.set(value, index);
    this.parents.push({ parent, step, key });
    return [index];
  }

  private node(value: object, at: number): unknown[] {
    if (types.isProxy(value)) throw this.refusalOf(at, 'a proxy');
    if (Array.isArray(value)) return this.arrayNode(value, at);
    if (types.isDate(value)) return [Node.DATE, Number.isNaN(value.getTime()) ? null : value.getTime()];
    if (types.isRegExp(value)) return [Node.REGEXP, value.source, value.flags, value.lastIndex];
    if (types.isMap(value)) return this.mapNode(value, at);
    if (types.isSet(value)) return [Node.SET, ...Array.from(value, (item, i) => this.slot(item, at, 'value', i))];
    if (isError(value)) return this.errorNode(value, at);
    if (types.isArrayBuffer(value)) return [Node.BYTES, 'ArrayBuffer', this.blob(new Uint8Array(value))];
    if (ArrayBuffer.isView(value)) return this.viewNode(value, at);
    if (types.isBoxedPrimitive(value) && !types.isSymbolObject(value)) {
      return [Node.BOXED, this.slot((value as { valueOf(): unknown }).valueOf(), at, 'name', '')];
    }
    const prototype: unknown = Object.getPrototypeOf(value);
    // Accepts Object.prototype of other realms, such as vm contexts.
    const plain = prototype === null || (Object.getPrototypeOf(prototype) === null && Object.hasOwn(prototype as object, 'hasOwnProperty'));
    if (!plain) return [Node.NATIVE, this.native(value, at)];
    const node: unknown[] = [Node.OBJECT];
    for (const key of Object.keys(value)) node.push(key, this.slot((value as Record<string, unknown>)[key], at, 'member', key));
    return node;
  }

  private arrayNode(value: unknown[], at: number): unknown[] {
    const indexes = Object.keys(value).filter((key) => String(Number(key)) === key);
    // Not value.map, which would create an instance of a subclass.
    if (indexes.length === value.length) return [Node.ARRAY, ...Array.from(value, (item, i) => this.slot(item, at, 'index', i))];
    return [Node.SPARSE_ARRAY, value.length, ...indexes.flatMap((i) => [Number(i), this.slot(value[Number(i)], at, 'index', i)])];
  }

  private mapNode(value: Map<unknown, unknown>, at: number): unknown[] {
    const node: unknown[] = [Node.MAP];
    let i = 0;
    for (const [key, item] of value) {
      const isNamed = typeof key === 'string' || typeof key === 'number';
      node.push(this.slot(key, at, 'key', i), isNamed ? this.slot(item, at, 'entry', key) : this.slot(item, at, 'value', i));
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
        return [key, this.slot(held, at, 'member', key)];
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

  private viewNode(value: ArrayBufferView, at: number): unknown[] {
    const kind = Buffer.isBuffer(value) ? 'Buffer' : types.isDataView(value) ? 'DataView' : (value as Uint8Array)[Symbol.toStringTag];
    if (types.isSharedArrayBuffer(value.buffer)) {
      const length = (value as Uint8Array).length as number | undefined;
      return [Node.SHARED_VIEW, kind, this.native(value.buffer, at), value.byteOffset, length ?? value.byteLength];
    }
    const bytes = new Uint8Array(value.buffer, value.byteOffset, value.byteLength);
    return [Node.BYTES, kind, this.blob(bytes)];
  }

  /** @returns the index of the object */
  private native(value: object, at: number): number {
    if (!isNativeObject(value)) throw this.refusalOf(at, describe(value));
    const { objects } = this.options;
    // A probe moves nothing, and what it finds is replaced.
    if (objects === undefined) throw this.refusalOf(at, `${describe(value)} (only threads and inline slaves can have it)`);
    if (!objects.accepts(value)) throw this.refusalOf(at, `${describe(value)} (it would be moved to a slave that may be started again)`);
    const index = objects.values.indexOf(value);
    const added = index < 0 ? objects.add(value) : index;
    if (added === undefined) throw this.refusalOf(at, describe(value));
    return added;
  }

  /** Copies the bytes now, since the sender may change its buffer after the call. */
  private blob(bytes: Uint8Array): number {
    const isWhole = bytes.byteLength === bytes.buffer.byteLength;
    const moves = isWhole && this.options.transferred?.delete(bytes.buffer as ArrayBuffer);
    return this.blobs.push(moves ? bytes : copyBytes(bytes)) - 1;
  }

  private refusalOf(at: number, found: string): SerializationError {
    return this.refusal(this.parents[at], found);
  }

  private refusal(place: (typeof this.parents)[number], found: string): SerializationError {
    let path = pathStep(place.step, place.key);
    for (let at = place.parent; at >= 0; at = this.parents[at].parent) path = pathStep(this.parents[at].step, this.parents[at].key) + path;
    return new SerializationError(path.replace(/^\./, ''), found);
  }
}

function pathStep(step: Step, key: unknown): string {
  switch (step) {
    case 'member':
      return /^[A-Za-z_$][\w$]*$/.test(key as string) ? `.${key as string}` : `[${JSON.stringify(key)}]`;
    case 'index':
      return `[${key as number}]`;
    case 'key':
      return `.keys()[${key as number}]`;
    case 'value':
      return `.values()[${key as number}]`;
    case 'entry':
      return `.get(${JSON.stringify(key)})`;
    case 'name':
      return key as string;
  }
}

function describe(value: object): string {
  if (types.isPromise(value)) return 'a promise';
  if (types.isGeneratorObject(value)) return 'a generator';
  if (Symbol.iterator in value && 'next' in value) return 'an iterator';
  const name = (value.constructor as { name?: string } | undefined)?.name;
  return name === undefined || name === '' ? 'an object of an unknown class' : `an instance of ${name}`;
}
