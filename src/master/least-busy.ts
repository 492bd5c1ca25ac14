/** The one with the fewest pending requests; of several, the first. */
export function leastBusy<One extends { readonly pending: number }>(among: readonly One[]): One | undefined {
  let least = among.at(0);
  for (const one of among) if (least === undefined || one.pending < least.pending) least = one;
  return least;
}
