import { Readable } from 'node:stream';
import { types } from 'node:util';

/** Values that are sent as a stream of items. */
export type Streamable<Item = unknown> = AsyncIterable<Item> | Generator<Item, unknown, undefined>;

/**
 * Whether a value is a stream: an async iterable (an async generator or a Readable, for example) or the object that a generator
 * function returns. Arrays, Maps, Sets and strings are iterable too, but are sent as values.
 */
export function isStreamable(value: unknown): value is Streamable | Readable {
  if (typeof value !== 'object' || value === null) return false;
  return typeof (value as { [Symbol.asyncIterator]?: unknown })[Symbol.asyncIterator] === 'function' || types.isGeneratorObject(value);
}

/** Single-use streams that were sent. */
const sentStreams = new WeakSet<object>();

/** Whether a single-use stream (a generator, a Readable or a web stream) was sent already. */
export function isSent(stream: Streamable): boolean {
  return sentStreams.has(stream);
}

/** Marks a single-use stream as sent. Other async iterables can be read again. */
export function markSent(stream: Streamable): void {
  if (types.isGeneratorObject(stream) || stream instanceof Readable || 'getReader' in stream) sentStreams.add(stream);
}

/** Ignores an early 'error' event of a Readable, which would end the program before it is read. The reader gets the error later. */
export function ignoreEarlyError(data: unknown): void {
  if (!isStreamable(data)) return;
  const { on } = data as { on?: (name: string, listener: () => void) => unknown };
  if (typeof on === 'function') on.call(data, 'error', () => undefined);
}

/** Closes data that will not be sent, if it is a stream. A stream that was sent belongs to its request. */
export function closeIfUnsent(data: unknown): void {
  if (isStreamable(data) && !isSent(data)) closeStream(data);
}

/** Closes a stream: a Readable, a generator or a web ReadableStream. */
export function closeStream(data: Streamable): void {
  const { destroy, return: end, cancel } = data as Partial<Record<'destroy' | 'return' | 'cancel', () => unknown>>;
  const call = destroy ?? end ?? cancel;
  // Errors are ignored, since no caller waits for the stream any more.
  if (typeof call === 'function') new Promise((resolve) => resolve(call.call(data))).catch(() => undefined);
}

/** Whether a value, an item or a step of a stream has to be awaited: a promise or another object with a method `then`. */
export function isThenable<Value>(value: Value | PromiseLike<Value>): value is PromiseLike<Value> {
  return typeof (value as { then?: unknown } | null | undefined)?.then === 'function';
}
