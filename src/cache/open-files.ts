import { type BigIntStats, constants } from 'node:fs';
import { rawFs } from './raw-fs';
import type { CachedReads } from './cached-reads';

/** The files that are open for writing: whoever has one may write at any time, without saying which file it is. */
export class OpenFiles {
  private readonly byDescriptor = new Map<number, () => void>();

  constructor(private readonly cache: CachedReads) {}

  /** @returns what is to be called once it is closed */
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
    // The number may be that of a file which was closed behind our back.
    this.closing(fd)?.();
    const release = forWriting ? this.suspend(fd) : undefined;
    if (release) this.byDescriptor.set(fd, release);
  }

  /** @returns what is to be called once it is closed; by then, the number may be that of another file */
  closing(fd: unknown): (() => void) | undefined {
    const release = this.byDescriptor.get(fd as number);
    this.byDescriptor.delete(fd as number);
    return release;
  }

  /** Nobody will be told any more what is closed. */
  clear(): void {
    for (const release of this.byDescriptor.values()) release();
    this.byDescriptor.clear();
  }
}

/** Whether what is opened with these flags can be written to. */
export function isForWriting(flags: unknown): boolean {
  if (typeof flags === 'string') return !/^(r|rs|sr)$/.test(flags);
  if (typeof flags !== 'number') return false;
  return (flags & (constants.O_WRONLY | constants.O_RDWR | constants.O_TRUNC | constants.O_APPEND)) !== 0;
}
