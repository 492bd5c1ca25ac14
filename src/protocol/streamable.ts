import { Readable } from 'node:stream';
import { types } from 'node:util';

/** What travels as a stream of items. */
export type Streamable<Item = unknown> = AsyncIterable<Item> | Generator<Item, unknown, undefined>;

/**
 * Whether a value is a stream: an async iterable, such as an async generator's or a Readable, or the object that a generator function
 * returns. Arrays, Maps, Sets and texts can be iterated too, but are values.
 */
export function isStreamable(value: unknown): value is Streamable | Readable {
  if (typeof value !== 'object' || value === null) return false;
  return typeof (value as { [Symbol.asyncIterator]?: unknown })[Symbol.asyncIterator] === 'function' || types.isGeneratorObject(value);
}

/** Those that are being sent, or have been. */
const sentStreams = new WeakSet<object>();

/** Whether a stream has been sent already, which can be read only once: a generator or a Readable. */
export function isSent(stream: Streamable): boolean {
  return sentStreams.has(stream);
}

/** A stream is about to be sent. Async iterables of other kinds may begin anew each time. */
export function markSent(stream: Streamable): void {
  if (types.isGeneratorObject(stream) || stream instanceof Readable || 'getReader' in stream) sentStreams.add(stream);
}

/** Lets a Readable fail before it is read: nobody would hear its 'error' yet, which would end the program. Who reads it is told. */
export function ignoreEarlyError(data: unknown): void {
  if (!isStreamable(data)) return;
  const { on } = data as { on?: (name: string, listener: () => void) => unknown };
  if (typeof on === 'function') on.call(data, 'error', () => undefined);
}

/** Closes data that nobody reads and nobody will, if it is a stream. One that has been sent belongs to the request that it went with. */
export function closeIfUnsent(data: unknown): void {
  if (isStreamable(data) && !isSent(data)) closeStream(data);
}

/** Closes a stream, which whoever has sent it may do: a Readable, a generator or a web ReadableStream. */
export function closeStream(data: Streamable): void {
  const { destroy, return: end, cancel } = data as Partial<Record<'destroy' | 'return' | 'cancel', () => unknown>>;
  const call = destroy ?? end ?? cancel;
  // Closing may throw or reject, of which nobody is left to hear.
  if (typeof call === 'function') new Promise((resolve) => resolve(call.call(data))).catch(() => undefined);
}
