/** Whether a source is iterated over asynchronously. @throws TypeError when it cannot be iterated over at all */
export function isAsyncSource<Item>(source: Iterable<Item> | AsyncIterable<Item>): source is AsyncIterable<Item> {
  const { [Symbol.asyncIterator]: async, [Symbol.iterator]: sync } = Object(source) as Partial<Iterable<Item> & AsyncIterable<Item>>;
  if (typeof async === 'function') return true;
  if (typeof sync === 'function') return false;
  throw new TypeError(`The source must be an iterable or an async iterable, not ${String(source)}.`);
}

/**
 * Closes the iterator of a source that has not ended.
 *
 * @param isReading whether a call of `next` is pending. It may never settle, so that closing is not awaited
 * @param hasFailed whether an earlier error is reported. An error of closing is then ignored
 */
export async function closeSource(
  iterator: Iterator<unknown> | AsyncIterator<unknown>,
  { isReading, hasFailed }: { isReading: boolean; hasFailed: boolean },
): Promise<void> {
  const close = async (): Promise<void> => {
    await iterator.return?.();
  };
  const closing = close();
  const ignoringErrors = closing.catch(() => undefined);
  if (!isReading) await (hasFailed ? ignoringErrors : closing);
}
