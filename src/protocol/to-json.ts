import { types } from 'node:util';
import { isError } from './error-data';
import { isNative } from './native';

/**
 * Whether to send the result of `toJSON` instead of the object: the method is the object's own or its class's. False for dates, bytes
 * and errors, which are sent as such, and for methods that a program has added to the prototype of a built-in class.
 */
export function hasToJson(value: object): value is { toJSON(): unknown } {
  const { toJSON } = value as { toJSON?: unknown };
  if (typeof toJSON !== 'function' || types.isDate(value) || ArrayBuffer.isView(value) || isError(value)) return false;
  let holder: unknown = value;
  while (holder !== null && !Object.hasOwn(holder as object, 'toJSON')) holder = Object.getPrototypeOf(holder);
  return !isPatched(holder as object | null, toJSON);
}

/** Whether a program has added this `toJSON` to the prototype of a built-in class. */
function isPatched(holder: object | null, toJSON: unknown): boolean {
  const Class = Object.getOwnPropertyDescriptor(holder ?? {}, 'constructor')?.value as { prototype?: unknown } | undefined;
  return Class?.prototype === holder && isNative(Class) && !isNative(toJSON);
}
