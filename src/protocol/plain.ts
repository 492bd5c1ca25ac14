import { types } from 'node:util';

/** Deeper values take the slower way, which does not recurse. */
const DEEPEST = 200;

/**
 * Whether `JSON.stringify` and `JSON.parse` give this value back exactly as structured clone would: no `undefined`, `NaN`,
 * `-0`, holes, class instances or proxies, and no object that appears twice.
 */
export function isPlain(value: unknown): boolean {
  return typeof value === 'object' && value !== null ? new Walk(value).isPlain(value, 0) : isPlainPrimitive(value);
}

function isPlainPrimitive(value: unknown): boolean {
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

/** One walk through a value. */
class Walk {
  /** Made at the first object inside the root: most messages never need it. */
  private seen: Set<object> | undefined;

  constructor(private readonly root: object) {}

  isPlain(object: object, depth: number): boolean {
    if (depth === DEEPEST || types.isProxy(object)) return false;
    if (Array.isArray(object)) {
      for (const member of object as unknown[]) if (!this.holds(member, depth)) return false;
      return true;
    }
    const prototype: unknown = Object.getPrototypeOf(object);
    if (prototype !== Object.prototype && prototype !== null) return false;
    for (const key in object) if (!this.holds((object as Record<string, unknown>)[key], depth)) return false;
    return true;
  }

  private holds(member: unknown, depth: number): boolean {
    if (typeof member !== 'object' || member === null) return isPlainPrimitive(member);
    this.seen ??= new Set([this.root]);
    if (this.seen.has(member)) return false;
    this.seen.add(member);
    return this.isPlain(member, depth + 1);
  }
}
