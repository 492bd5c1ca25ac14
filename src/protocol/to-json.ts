import { types } from 'node:util';
import { isError } from './error-data';
import { isNative } from './native';

/**
 * Whether the object has a `toJSON` that is its plain meaning: its own or its class's. Dates, bytes and errors have one too, but travel as
 * what they are; and what a program has put on the prototype of a built-in class is nobody's meaning.
 */
export function hasToJson(value: object): value is { toJSON(): unknown } {
  const { toJSON } = value as { toJSON?: unknown };
  if (typeof toJSON !== 'function' || types.isDate(value) || ArrayBuffer.isView(value) || isError(value)) return false;
  let holder: unknown = value;
  while (holder !== null && !Object.hasOwn(holder as object, 'toJSON')) holder = Object.getPrototypeOf(holder);
  return !isPatched(holder as object | null, toJSON);
}

/** A `toJSON` that is not native, on the prototype of a class that is. */
function isPatched(holder: object | null, toJSON: unknown): boolean {
  const Class = Object.getOwnPropertyDescriptor(holder ?? {}, 'constructor')?.value as { prototype?: unknown } | undefined;
  return Class?.prototype === holder && isNative(Class) && !isNative(toJSON);
}
