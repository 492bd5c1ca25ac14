import { types } from 'node:util';

const { isProxy } = types;

/** Deeper values are packed by a slower algorithm that does not recurse. */
const MAX_DEPTH = 200;

/**
 * Whether a round trip through JSON gives the same result as structured clone: no `undefined`, `NaN`,
 * `-0`, holes, class instances or proxies, and no object that appears twice.
 */
export function isJsonSafe(value: unknown): boolean {
  return typeof value === 'object' && value !== null ? new Walk(value).isSafe(value, 0) : isSafePrimitive(value);
}

function isSafePrimitive(value: unknown): boolean {
  switch (typeof value) {
    case 'string':
    case 'boolean':
      return true;
    case 'number':
      return Number.isFinite(value) && (value !== 0 || 1 / value > 0);
    default:
      return value === null;
  }
}

/** In objects: up to here, a search through a list takes less time than one in a Set. */
const FEW = 32;

/** One traversal of a value. */
class Walk {
  /** The objects met so far, while they are few. */
  private readonly few: object[];
  /** All objects met so far, once they are many. */
  private many: Set<object> | undefined;

  constructor(root: object) {
    this.few = [root];
  }

  isSafe(object: object, depth: number): boolean {
    if (depth === MAX_DEPTH || isProxy(object)) return false;
    if (Array.isArray(object)) {
      // Instances of a subclass are not plain arrays.
      if (Object.getPrototypeOf(object) !== Array.prototype) return false;
      for (let i = 0; i < object.length; i++) if (!this.isSafeMember(object[i], depth)) return false;
      return true;
    }
    const prototype: unknown = Object.getPrototypeOf(object);
    if (prototype !== Object.prototype && prototype !== null) return false;
    for (const key in object) if (!this.isSafeMember((object as Record<string, unknown>)[key], depth)) return false;
    return true;
  }

  private isSafeMember(member: unknown, depth: number): boolean {
    if (typeof member !== 'object' || member === null) return isSafePrimitive(member);
    return this.isNew(member) && this.isSafe(member, depth + 1);
  }

  /** Whether it was not met before. */
  private isNew(object: object): boolean {
    const { few, many } = this;
    if (many !== undefined) {
      if (many.has(object)) return false;
      many.add(object);
      return true;
    }
    for (let i = 0; i < few.length; i++) if (few[i] === object) return false;
    if (few.push(object) === FEW) this.many = new Set(few);
    return true;
  }
}
