import { types } from 'node:util';

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

/** One traversal of a value. */
class Walk {
  /** Created at the first nested object, since most messages have none. */
  private seen: Set<object> | undefined;

  constructor(private readonly root: object) {}

  isSafe(object: object, depth: number): boolean {
    if (depth === MAX_DEPTH || types.isProxy(object)) return false;
    if (Array.isArray(object)) {
      // Instances of a subclass are not plain arrays.
      if (Object.getPrototypeOf(object) !== Array.prototype) return false;
      for (const member of object as unknown[]) if (!this.isSafeMember(member, depth)) return false;
      return true;
    }
    const prototype: unknown = Object.getPrototypeOf(object);
    if (prototype !== Object.prototype && prototype !== null) return false;
    for (const key in object) if (!this.isSafeMember((object as Record<string, unknown>)[key], depth)) return false;
    return true;
  }

  private isSafeMember(member: unknown, depth: number): boolean {
    if (typeof member !== 'object' || member === null) return isSafePrimitive(member);
    this.seen ??= new Set([this.root]);
    if (this.seen.has(member)) return false;
    this.seen.add(member);
    return this.isSafe(member, depth + 1);
  }
}
