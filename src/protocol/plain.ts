import { types } from 'node:util';

/** Deeper values take the slower way, which does not recurse. */
const DEEPEST = 200;

/**
 * Whether `JSON.stringify` and `JSON.parse` give this value back exactly as structured clone would: no `undefined`, `NaN`,
 * `-0`, holes, class instances or proxies, and no object that appears twice.
 */
export function isPlain(value: unknown): boolean {
  return check(value, undefined, 0);
}

/** `seen` is made at the first object inside an object: most messages never need it. */
function check(value: unknown, seen: Set<object> | undefined, depth: number): boolean {
  switch (typeof value) {
    case 'string':
    case 'boolean':
      return true;
    case 'number':
      return Number.isFinite(value) && (value !== 0 || 1 / value > 0);
    case 'object':
      break;
    default:
      return false;
  }
  if (value === null) return true;
  if (depth === DEEPEST || types.isProxy(value)) return false;

  if (Array.isArray(value)) {
    for (const item of value as unknown[]) {
      if (typeof item === 'object' && item !== null) {
        seen ??= new Set([value]);
        if (seen.has(item)) return false;
        seen.add(item);
      }
      if (!check(item, seen, depth + 1)) return false;
    }
    return true;
  }

  const prototype: unknown = Object.getPrototypeOf(value);
  if (prototype !== Object.prototype && prototype !== null) return false;
  for (const key in value) {
    const item = (value as Record<string, unknown>)[key];
    if (typeof item === 'object' && item !== null) {
      seen ??= new Set([value]);
      if (seen.has(item)) return false;
      seen.add(item);
    }
    if (!check(item, seen, depth + 1)) return false;
  }
  return true;
}
