import type { Readable } from 'node:stream';
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

/** Closes a stream that nobody has begun to read. */
export function closeUnread(stream: Streamable | Readable): void {
  const { destroy, return: end } = stream as { destroy?: () => unknown; return?: () => unknown };
  if (typeof destroy === 'function') destroy.call(stream);
  else if (typeof end === 'function') void Promise.resolve(end.call(stream)).catch(() => undefined);
}
