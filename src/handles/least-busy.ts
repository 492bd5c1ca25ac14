/** The slave with the fewest pending requests. Ties go to the first at or after index `turn` (round robin). */
export function leastBusy<Slave extends { readonly pending: number }>(among: readonly Slave[], turn = 0): Slave | undefined {
  let least: Slave | undefined;
  for (let i = 0; i < among.length; i++) {
    const slave = among[(turn + i) % among.length];
    if (least === undefined || slave.pending < least.pending) least = slave;
  }
  return least;
}
