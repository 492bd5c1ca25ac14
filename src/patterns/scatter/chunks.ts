/** In so many parts, in order, all of one length or the first ones longer by one; none of them is empty. */
export function splitEvenly<Item>(items: readonly Item[], count: number): Item[][] {
  const chunks = Math.min(count, items.length);
  const start = (part: number): number => part * Math.floor(items.length / chunks) + Math.min(part, items.length % chunks);
  return Array.from({ length: chunks }, (_, part) => items.slice(start(part), start(part + 1)));
}

/** In parts of one length, in order; the last may be shorter. */
export function chunksOf<Item>(items: readonly Item[], length: number): Item[][] {
  return Array.from({ length: Math.ceil(items.length / length) }, (_, part) => items.slice(part * length, (part + 1) * length));
}
