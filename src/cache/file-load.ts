import { rawFs } from './raw-fs';
import { type FileIdentity, identityOfPath, isUnchanged } from './file-identity';

/** A file on its way into memory, read once for all who ask for it meanwhile. */
export class FileLoad {
  /** Taken before the reading: a change in between makes the file look changed later, and is not missed. */
  identity: FileIdentity | undefined;
  /** Undefined when the file is not one for the cache, or could not be read: that is for `fs` to say. */
  readonly bytes: Promise<Buffer | undefined>;
  /** Whether what it reads may be older than what is on the disk. */
  private outdated = false;
  private started = false;
  private finished = false;

  /** @param mayKeep whether the cache would take it */
  constructor(
    readonly path: string,
    mayKeep: (identity: FileIdentity) => boolean,
  ) {
    // Not at once, so that all who ask in this tick get the same, however young the file is.
    this.bytes = Promise.resolve().then(() => {
      this.started = true;
      this.identity = identityOfPath(path);
      return this.identity !== undefined && mayKeep(this.identity) ? this.read(Number(this.identity.size)) : undefined;
    });
  }

  /** Whether what was read is worth keeping. */
  get isCurrent(): boolean {
    return !this.outdated;
  }

  /** Whether one who asks for the file now may wait for this. */
  isFor(watch: boolean): boolean {
    if (!this.started) return true;
    if (this.finished || this.outdated || this.identity === undefined) return false;
    return !watch || isUnchanged(this.path, this.identity);
  }

  /** The file is being changed. @param inode its number, or undefined for every file */
  outdate(path: string, inode: bigint | undefined): void {
    if (!this.started) return;
    if (inode === undefined || path === this.path || inode === this.identity?.ino) this.outdated = true;
  }

  private read(size: number): Promise<Buffer | undefined> {
    return new Promise((resolve) => {
      rawFs().readFile(this.path, (error, bytes) => {
        this.finished = true;
        // As the files of /sys, which say that they have a page.
        if (error === null && bytes.length < size) this.outdated = true;
        resolve(error === null ? bytes : undefined);
      });
    });
  }
}
