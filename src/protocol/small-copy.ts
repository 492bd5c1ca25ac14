import { types } from 'node:util';
import { isJsonSafe } from './json-safe';

/** In characters: the longest text in a small value. */
export const SMALL_STRING = 64;

/** How many members a small object may have. */
const MEMBERS = 8;

/** Says that a value is not small. */
export const NOT_SMALL = Symbol('too much');

/**
 * A copy of a value that JSON gives back exactly and that is small: a primitive, or an object or array of a few of them.
 * Copying such a value costs less than making text of it alone; a whole batch of copies becomes text at once.
 *
 * @returns the copy, `undefined` for `undefined`, or {@link NOT_SMALL} for any other value
 */
export function smallCopy(value: unknown): unknown {
  try {
    return copySmall(value);
  } catch {
    // A getter has thrown: the way of larger values says so.
    return NOT_SMALL;
  }
}

function copySmall(value: unknown): unknown {
  if (typeof value !== 'object' || value === null) return value === undefined || isSmallPrimitive(value) ? value : NOT_SMALL;
  if (types.isProxy(value)) return NOT_SMALL;
  if (Array.isArray(value) && Object.getPrototypeOf(value) === Array.prototype)
    return value.length <= MEMBERS && value.every(isSmallPrimitive) && !hasHoles(value) ? [...(value as unknown[])] : NOT_SMALL;
  const prototype: unknown = Object.getPrototypeOf(value);
  if (prototype !== Object.prototype && prototype !== null) return NOT_SMALL;
  const copy: Record<string, unknown> = { ...value };
  let members = 0;
  for (const key in copy) if (++members > MEMBERS || key.length > SMALL_STRING || !isSmallPrimitive(copy[key])) return NOT_SMALL;
  return copy;
}

function isSmallPrimitive(value: unknown): boolean {
  return typeof value === 'string' ? value.length <= SMALL_STRING : (typeof value !== 'object' || value === null) && isJsonSafe(value);
}

/** `every` passes over holes. */
function hasHoles(array: readonly unknown[]): boolean {
  for (let i = 0; i < array.length; i++) if (!(i in array)) return true;
  return false;
}
