import { types } from 'node:util';
import { isJsonSafe } from './json-safe';

/** In characters: the longest string in a small value. */
export const SMALL_STRING = 64;

/** The largest number of members of a small object. */
const MAX_MEMBERS = 8;

/** Result of {@link smallCopy} for a value that is not small. */
export const NOT_SMALL = Symbol('not small');

/**
 * Copies a small JSON-safe value: a primitive, or an object or array of a few primitives. A copy costs less than a separate call of
 * `JSON.stringify`; the copies of a batch are encoded together.
 *
 * @returns the copy, `undefined` for `undefined`, or {@link NOT_SMALL} for any other value
 */
export function smallCopy(value: unknown): unknown {
  try {
    return copySmall(value);
  } catch {
    // A getter threw; the slow path reports the error.
    return NOT_SMALL;
  }
}

function copySmall(value: unknown): unknown {
  if (typeof value !== 'object' || value === null) return value === undefined || isSmallPrimitive(value) ? value : NOT_SMALL;
  if (types.isProxy(value)) return NOT_SMALL;
  if (Array.isArray(value) && Object.getPrototypeOf(value) === Array.prototype)
    return value.length <= MAX_MEMBERS && value.every(isSmallPrimitive) && !hasHoles(value) ? [...(value as unknown[])] : NOT_SMALL;
  const prototype: unknown = Object.getPrototypeOf(value);
  if (prototype !== Object.prototype && prototype !== null) return NOT_SMALL;
  const copy: Record<string, unknown> = { ...value };
  let members = 0;
  for (const key in copy) if (++members > MAX_MEMBERS || key.length > SMALL_STRING || !isSmallPrimitive(copy[key])) return NOT_SMALL;
  return copy;
}

function isSmallPrimitive(value: unknown): boolean {
  return typeof value === 'string' ? value.length <= SMALL_STRING : (typeof value !== 'object' || value === null) && isJsonSafe(value);
}

/** Needed because `every` skips holes. */
function hasHoles(array: readonly unknown[]): boolean {
  for (let i = 0; i < array.length; i++) if (!(i in array)) return true;
  return false;
}
