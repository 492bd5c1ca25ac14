import { types } from 'node:util';
import { isNative } from './native';

/** Errors <-> data: the parts of an error that a property walk does not see, and the built-in class that it belongs to. */

const BUILT_IN: Record<string, ErrorConstructor | typeof DOMException> = {
  Error,
  EvalError,
  RangeError,
  ReferenceError,
  SyntaxError,
  TypeError,
  URIError,
  AggregateError: AggregateError as unknown as ErrorConstructor,
  DOMException,
};

/** Properties that errors usually hide from enumeration, or inherit. */
const HIDDEN = ['name', 'message', 'stack', 'cause', 'errors'] as const;

export interface ErrorData {
  /** The built-in class that `instanceof` finds again at the far end. */
  base: string;
  hidden: [key: string, value: unknown][];
  own: [key: string, value: unknown][];
}

export function encodeError(error: Error): ErrorData {
  const base = builtInClassOf(error);
  const own = Object.entries(error);
  const hidden: [string, unknown][] = [];
  for (const key of HIDDEN) {
    // Such as the name that a constructor has assigned.
    if (Object.prototype.propertyIsEnumerable.call(error, key)) continue;
    if (key === 'cause' || key === 'errors') {
      if (Object.hasOwn(error, key)) hidden.push([key, (error as unknown as Record<string, unknown>)[key]]);
    } else if (key !== 'name' || error.name !== base) {
      hidden.push([key, error[key]]);
    }
  }
  return { base, hidden, own };
}

/** Whether a value is an error, of whatever realm. */
export function isError(value: unknown): value is Error {
  return types.isNativeError(value) || value instanceof Error || (typeof value === 'object' && value !== null && isDOMException(value));
}

function isDOMException(value: object): boolean {
  return (value as { [Symbol.toStringTag]?: unknown })[Symbol.toStringTag] === 'DOMException';
}

/** The inverse of {@link encodeError}, in two steps, because what an error holds may lead back to it: this one makes it… */
export function createError(base: string, message: unknown, name: unknown): Error {
  const text = typeof message === 'string' ? message : '';
  // The stack of this place says nothing about the fault: the far end's takes its place.
  const { stackTraceLimit } = Error;
  setStackTraceLimit(0);
  try {
    if (base === 'AggregateError') return new AggregateError([], text);
    if (base === 'DOMException') return new DOMException(text, typeof name === 'string' ? name : undefined);
    const Class = Object.hasOwn(BUILT_IN, base) ? (BUILT_IN[base] as ErrorConstructor) : undefined;
    if (Class === undefined) throw new TypeError(`no such error class: ${base}`);
    return new Class(text);
  } finally {
    setStackTraceLimit(stackTraceLimit);
  }
}

/** … and this one gives it what it held. */
export function setErrorProperty(error: Error, key: string, value: unknown, enumerable: boolean): void {
  Object.defineProperty(error, key, { value, enumerable, writable: true, configurable: true });
}

/** Where `Error` is frozen, nothing happens. */
function setStackTraceLimit(limit: number): void {
  Reflect.set(Error, 'stackTraceLimit', limit);
}

function builtInClassOf(error: Error): string {
  for (let prototype: unknown = Object.getPrototypeOf(error); prototype; prototype = Object.getPrototypeOf(prototype)) {
    if (!Object.hasOwn(prototype, 'constructor')) continue;
    const Class: unknown = prototype.constructor;
    if (typeof Class === 'function' && Object.hasOwn(BUILT_IN, Class.name) && isBuiltIn(Class, prototype)) return Class.name;
  }
  return 'Error';
}

/** Of this realm or of another: test runners run programs in a vm context, and jsdom has a DOMException of its own. */
function isBuiltIn(Class: { name: string; prototype: unknown }, prototype: object): boolean {
  return BUILT_IN[Class.name] === Class || isNative(Class) || (Class.name === 'DOMException' && isDOMException(prototype));
}
