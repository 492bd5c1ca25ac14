import { rawFs } from './raw-fs';
import { type FileIdentity, identityOfPath, isUnchanged } from './file-identity';

/** A disk read in progress, shared by all concurrent reads of its file. */
export class FileLoad {
  /** Taken before the read, so that a change during the read makes the file look changed later. */
  identity: FileIdentity | undefined;
  /** Undefined when the file cannot be cached or read: let `fs` read it or report the error. */
  readonly bytes: Promise<Buffer | undefined>;
  /** Whether the file may have changed since the read started. */
  private outdated = false;
  private started = false;
  private finished = false;

  /** @param mayKeep whether the cache takes a file of this identity */
  constructor(
    readonly path: string,
    mayKeep: (identity: FileIdentity) => boolean,
  ) {
    // In a microtask, so that all reads of this tick share it, however young the file is.
    this.bytes = Promise.resolve().then(() => {
      this.started = true;
      this.identity = identityOfPath(path);
      return this.identity !== undefined && mayKeep(this.identity) ? this.read(Number(this.identity.size)) : undefined;
    });
  }

  /** Whether the content may be cached. */
  get isCurrent(): boolean {
    return !this.outdated;
  }

  /** Whether a read that starts now may share this one. */
  isFor(watch: boolean): boolean {
    if (!this.started) return true;
    if (this.finished || this.outdated || this.identity === undefined) return false;
    return !watch || isUnchanged(this.path, this.identity);
  }

  /**
   * Marks the content as outdated if its file is the one that changes.
   *
   * @param inode the inode of the file; undefined for every file
   */
  outdate(path: string, inode: bigint | undefined): void {
    if (!this.started) return;
    if (inode === undefined || path === this.path || inode === this.identity?.ino) this.outdated = true;
  }

  private read(size: number): Promise<Buffer | undefined> {
    return new Promise((resolve) => {
      rawFs().readFile(this.path, (error, bytes) => {
        this.finished = true;
        // Files of /sys report a size of one page.
        if (error === null && bytes.length < size) this.outdated = true;
        resolve(error === null ? bytes : undefined);
      });
    });
  }
}
