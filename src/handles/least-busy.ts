/** The one with the fewest pending requests; of several, the first from the place `turn` on, so that they can take turns. */
export function leastBusy<One extends { readonly pending: number }>(among: readonly One[], turn = 0): One | undefined {
  let least: One | undefined;
  for (let i = 0; i < among.length; i++) {
    const one = among[(turn + i) % among.length];
    if (least === undefined || one.pending < least.pending) least = one;
  }
  return least;
}
