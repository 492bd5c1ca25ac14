/** Splits items into at most `count` non-empty chunks, in order. Their lengths differ by at most one; the longer ones come first. */
export function splitEvenly<Item>(items: readonly Item[], count: number): Item[][] {
  const chunks = Math.min(count, items.length);
  const start = (i: number): number => i * Math.floor(items.length / chunks) + Math.min(i, items.length % chunks);
  return Array.from({ length: chunks }, (_, i) => items.slice(start(i), start(i + 1)));
}

/** Splits items into chunks of the given length, in order. The last chunk may be shorter. */
export function chunksOf<Item>(items: readonly Item[], length: number): Item[][] {
  return Array.from({ length: Math.ceil(items.length / length) }, (_, i) => items.slice(i * length, (i + 1) * length));
}
