import type { BigIntStats } from 'node:fs';
import { rawFs } from './raw-fs';
import { wallClock } from '../platform';

/** Distinguishes one content of a file from the next without reading it. */
export interface FileIdentity {
  readonly dev: bigint;
  readonly ino: bigint;
  readonly size: bigint;
  readonly mtimeNs: bigint;
  readonly ctimeNs: bigint;
  /**
   * Whether any later write must change the times. A write within the same tick of the file system's clock does not; git calls such
   * a file 'racily clean' (Documentation/technical/racy-git.txt) and does not trust its times either.
   */
  readonly hasStableTimes: boolean;
}

/** In ms: the coarsest clock of a file system (FAT). */
const TICK = 2000;

/** The identity of the file at a path; undefined when it cannot be cached: not a regular file, empty or missing. */
export function identityOfPath(path: string): FileIdentity | undefined {
  const now = wallClock();
  const stats = statOrUndefined(path);
  return stats && identityOf(stats, now);
}

/** Undefined on any error. */
export function statOrUndefined(path: string): BigIntStats | undefined {
  try {
    return rawFs().statSync(path, { bigint: true, throwIfNoEntry: false });
  } catch {
    return undefined;
  }
}

/** @param now in ms, from before `stats` were taken */
export function identityOf(stats: BigIntStats, now: number): FileIdentity | undefined {
  // A size of 0 may be a file of /proc, whose content is made while it is read.
  if (!stats.isFile() || stats.size === 0n) return undefined;
  const { dev, ino, size, mtimeNs, ctimeNs } = stats;
  // Programs can set mtime but not ctime; some file systems have no ctime.
  const changed = Number(ctimeNs === 0n ? stats.mtimeMs : stats.ctimeMs);
  return { dev, ino, size, mtimeNs, ctimeNs, hasStableTimes: now - changed > TICK };
}

export function isSame(a: FileIdentity, b: Omit<FileIdentity, 'hasStableTimes'>): boolean {
  return a.ctimeNs === b.ctimeNs && a.mtimeNs === b.mtimeNs && a.size === b.size && a.ino === b.ino && a.dev === b.dev;
}

/** Whether the file at a path still has this identity. */
export function isUnchanged(path: string, identity: FileIdentity): boolean {
  if (!identity.hasStableTimes) return false;
  const stats = statOrUndefined(path);
  return stats !== undefined && isSame(identity, stats);
}
