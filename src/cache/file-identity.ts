import type { BigIntStats } from 'node:fs';
import { rawFs } from './raw-fs';

/** What tells one content of a file from the next, without reading it. */
export interface FileIdentity {
  readonly dev: bigint;
  readonly ino: bigint;
  readonly size: bigint;
  readonly mtimeNs: bigint;
  readonly ctimeNs: bigint;
  /**
   * Whether any later write must show in the times. A write within the same tick of the file system's clock as the last one does
   * not; git calls such a file 'racily clean' (Documentation/technical/racy-git.txt) and does not trust its times either.
   */
  readonly hasStableTimes: boolean;
}

/** In ms: the coarsest clock that a file system has, which is FAT's. */
const TICK = 2000;

/** What a path leads to right now; undefined for what cannot be kept: no regular file, an empty one, or none at all. */
export function identityOfPath(path: string): FileIdentity | undefined {
  const now = Date.now();
  const stats = statOrUndefined(path);
  return stats && identityOf(stats, now);
}

/** Undefined when it cannot be had, for whatever reason. */
export function statOrUndefined(path: string): BigIntStats | undefined {
  try {
    return rawFs().statSync(path, { bigint: true, throwIfNoEntry: false });
  } catch {
    return undefined;
  }
}

/** @param now in ms, from before `stats` were taken */
export function identityOf(stats: BigIntStats, now: number): FileIdentity | undefined {
  // Without a size, it may be one of /proc, whose content is made while it is read.
  if (!stats.isFile() || stats.size === 0n) return undefined;
  const { dev, ino, size, mtimeNs, ctimeNs } = stats;
  // The time of the last write is anybody's to set, the time of the last change is not; but some file systems have none.
  const changed = Number(ctimeNs === 0n ? stats.mtimeMs : stats.ctimeMs);
  return { dev, ino, size, mtimeNs, ctimeNs, hasStableTimes: now - changed > TICK };
}

export function isSame(a: FileIdentity, b: Omit<FileIdentity, 'hasStableTimes'>): boolean {
  return a.ctimeNs === b.ctimeNs && a.mtimeNs === b.mtimeNs && a.size === b.size && a.ino === b.ino && a.dev === b.dev;
}

/** Whether a path still leads to what it led to then. */
export function isUnchanged(path: string, identity: FileIdentity): boolean {
  if (!identity.hasStableTimes) return false;
  const stats = statOrUndefined(path);
  return stats !== undefined && isSame(identity, stats);
}
