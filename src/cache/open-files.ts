import { type BigIntStats, constants } from 'node:fs';
import { rawFs } from './raw-fs';
import type { CachedReads } from './cached-reads';

/** The files that are open for writing. Their holders may write at any time, by descriptor only. */
export class OpenFiles {
  private readonly byDescriptor = new Map<number, () => void>();

  constructor(private readonly cache: CachedReads) {}

  /** @returns must be called when the file is closed */
  suspend(fd: number): (() => void) | undefined {
    let stats: BigIntStats;
    try {
      stats = rawFs().fstatSync(fd, { bigint: true });
    } catch {
      return undefined;
    }
    return this.cache.suspend(stats.ino);
  }

  opened(fd: number, forWriting: boolean): void {
    // The number may belong to a file that was closed without this process noticing.
    this.closing(fd)?.();
    const release = forWriting ? this.suspend(fd) : undefined;
    if (release) this.byDescriptor.set(fd, release);
  }

  /** @returns must be called when the file is closed; by then, the number may belong to another file */
  closing(fd: unknown): (() => void) | undefined {
    const release = this.byDescriptor.get(fd as number);
    this.byDescriptor.delete(fd as number);
    return release;
  }

  /** Called on unwrap: closes are no longer observed. */
  clear(): void {
    for (const release of this.byDescriptor.values()) release();
    this.byDescriptor.clear();
  }
}

/** Whether these flags open a file for writing. */
export function isForWriting(flags: unknown): boolean {
  if (typeof flags === 'string') return !/^(r|rs|sr)$/.test(flags);
  if (typeof flags !== 'number') return false;
  return (flags & (constants.O_WRONLY | constants.O_RDWR | constants.O_TRUNC | constants.O_APPEND)) !== 0;
}
