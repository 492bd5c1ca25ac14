import { types } from 'node:util';
import { isNative } from './native';

/** Converts errors to data and back: the built-in class and the properties that are not enumerable. */

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

/** Properties that are usually inherited or not enumerable. */
const HIDDEN = ['name', 'message', 'stack', 'cause', 'errors'] as const;

export interface ErrorData {
  /** Name of the built-in class, so that `instanceof` works at the receiving end. */
  base: string;
  hidden: [key: string, value: unknown][];
  own: [key: string, value: unknown][];
}

export function encodeError(error: Error): ErrorData {
  const base = builtInClassOf(error);
  const own = Object.entries(error);
  const hidden: [string, unknown][] = [];
  for (const key of HIDDEN) {
    // Enumerable properties, such as an assigned `name`, are in `own`.
    if (Object.prototype.propertyIsEnumerable.call(error, key)) continue;
    if (key === 'cause' || key === 'errors') {
      if (Object.hasOwn(error, key)) hidden.push([key, (error as unknown as Record<string, unknown>)[key]]);
    } else if (key !== 'name' || error.name !== base) {
      hidden.push([key, error[key]]);
    }
  }
  return { base, hidden, own };
}

/** Whether a value is an error of this or another realm. */
export function isError(value: unknown): value is Error {
  return types.isNativeError(value) || value instanceof Error || (typeof value === 'object' && value !== null && isDOMException(value));
}

function isDOMException(value: object): boolean {
  return (value as { [Symbol.toStringTag]?: unknown })[Symbol.toStringTag] === 'DOMException';
}

/** Creates an error without properties. They are set afterwards by {@link setErrorProperty}, since they may refer to the error itself. */
export function createError(base: string, message: unknown, name: unknown): Error {
  const initial = typeof message === 'string' ? message : '';
  // No local stack: the sender's stack replaces it.
  const { stackTraceLimit } = Error;
  setStackTraceLimit(0);
  try {
    if (base === 'AggregateError') return new AggregateError([], initial);
    if (base === 'DOMException') return new DOMException(initial, typeof name === 'string' ? name : undefined);
    const Class = Object.hasOwn(BUILT_IN, base) ? (BUILT_IN[base] as ErrorConstructor) : undefined;
    if (Class === undefined) throw new TypeError(`unknown class of errors: ${base}`);
    return new Class(initial);
  } finally {
    setStackTraceLimit(stackTraceLimit);
  }
}

/** Sets a property of an error that {@link createError} has made. */
export function setErrorProperty(error: Error, key: string, value: unknown, enumerable: boolean): void {
  Object.defineProperty(error, key, { value, enumerable, writable: true, configurable: true });
}

/** Does nothing if `Error` is frozen. */
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

/** Accepts classes of other realms: test runners use vm contexts, and jsdom has its own DOMException. */
function isBuiltIn(Class: { name: string; prototype: unknown }, prototype: object): boolean {
  return BUILT_IN[Class.name] === Class || isNative(Class) || (Class.name === 'DOMException' && isDOMException(prototype));
}
