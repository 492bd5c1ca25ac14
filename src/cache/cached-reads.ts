import { CachedFile } from './cached-file';
import { type FileIdentity, isSame, isUnchanged, statOrUndefined } from './file-identity';
import { FileLoad } from './file-load';
import type { ReadAs } from './read-as';
import { FileStore } from './file-store';
import type { ResolvedCacheOptions } from './cache-options';
import { readNow } from './read-now';

/**
 * Reads whole files by their absolute paths, from memory where possible. A `FileCache` uses it, and `fs` when it is wrapped, which also
 * reports changes made in this process.
 */
export class CachedReads {
  readonly files = new FileStore();
  /** How many reads were answered from memory, or shared the disk read of another. */
  hits = 0;
  /** How many reads went to the disk. */
  misses = 0;
  private readonly loading = new Map<string, FileLoad>();
  /** How often each inode is open for writing in this process. */
  private readonly open = new Map<bigint, number>();

  constructor(private current: ResolvedCacheOptions) {
    this.files.resize(current.size);
  }

  get options(): ResolvedCacheOptions {
    return this.current;
  }

  set options(options: ResolvedCacheOptions) {
    this.current = options;
    this.files.resize(options.size);
  }

  /** The content in memory, or undefined. */
  cached(path: string, form: ReadAs): Buffer | string | undefined {
    const file = this.files.get(path);
    if (file === undefined) return undefined;
    if (!this.isFresh(file)) {
      this.files.drop(file);
      return undefined;
    }
    const content = file.get(form) ?? this.decode(file, form);
    if (content !== undefined) {
      file.hits++;
      this.hits++;
    }
    return content;
  }

  /** Reads synchronously; undefined: let `fs` report the error. */
  readSync(path: string, form: ReadAs): Buffer | string | undefined {
    const cached = this.cached(path, form);
    if (cached !== undefined) return cached;
    this.misses++;
    try {
      const { identity, bytes } = readNow(path, this.mayKeep);
      const content = contentOf(bytes, form);
      return identity !== undefined && this.isKeepable(identity) ? this.keep(path, identity, form, content) : content;
    } catch {
      return undefined;
    }
  }

  /** Reads asynchronously; undefined: let `fs` report the error. */
  async read(path: string, form: ReadAs): Promise<Buffer | string | undefined> {
    const running = this.loading.get(path);
    const shared = running?.isFor(this.options.watch) === true;
    const load = shared ? running : new FileLoad(path, this.mayKeep);
    if (shared) this.hits++;
    else {
      this.misses++;
      this.loading.set(path, load);
    }
    const bytes = await load.bytes;
    if (this.loading.get(path) === load) this.loading.delete(path);
    const { identity, isCurrent } = load;
    if (bytes === undefined || identity === undefined) return undefined;
    try {
      const content = contentOf(bytes, form, shared);
      return isCurrent && this.isKeepable(identity) ? this.keep(path, identity, form, content) : content;
    } catch {
      // Longer than V8's longest string.
      return undefined;
    }
  }

  /**
   * Drops a file that is about to change or has changed, under every name by which it was read.
   *
   * @param folder whether the path was a folder before the change
   * @returns whether the path may be a folder
   */
  forget(path: string, folder = false): boolean {
    // Not looked at, so the path may be a folder; by the end of the change, the cache may hold files of it.
    if (this.files.count === 0 && this.loading.size === 0) return true;
    const stats = statOrUndefined(path);
    if (folder || stats?.isDirectory() === true) {
      for (const file of this.files.all()) if (!isUnchanged(file.path, file.identity)) this.files.drop(file);
      for (const load of this.loading.values()) load.outdate(path, undefined);
      return true;
    }
    this.files.drop({ path });
    if (stats !== undefined) for (const file of this.files.withInode(stats.ino)) this.files.drop(file);
    for (const load of this.loading.values()) load.outdate(path, stats?.ino ?? -1n);
    return false;
  }

  /** Drops every file. */
  forgetAll(): void {
    for (const file of this.files.all()) this.files.drop(file);
    for (const load of this.loading.values()) load.outdate(load.path, undefined);
  }

  /**
   * Stops caching a file while it is open for writing.
   *
   * @returns resumes caching
   */
  suspend(inode: bigint): () => void {
    const drop = (): void => {
      for (const file of this.files.withInode(inode)) this.files.drop(file);
      for (const load of this.loading.values()) load.outdate('', inode);
    };
    drop();
    this.open.set(inode, (this.open.get(inode) ?? 0) + 1);
    return () => {
      const left = (this.open.get(inode) ?? 1) - 1;
      if (left === 0) this.open.delete(inode);
      else this.open.set(inode, left);
      drop();
    };
  }

  /** Whether a read may be answered from this file. */
  isFresh(file: CachedFile): boolean {
    return !this.options.watch || isUnchanged(file.path, file.identity);
  }

  /** Whether the cache takes a file of this identity. */
  private readonly mayKeep = ({ size, ino }: FileIdentity): boolean => Number(size) <= this.options.size && !this.open.has(ino);

  /** Whether a later write would show in the file's times. */
  private isKeepable({ hasStableTimes: settled }: FileIdentity): boolean {
    return settled || !this.options.watch;
  }

  /** Decodes bytes in memory; undefined when the string is too long for V8, so that `fs` reports it. */
  private decode(file: CachedFile, form: ReadAs): string | undefined {
    if (form === 'buffer' || file.bytes === undefined) return undefined;
    let content: string;
    try {
      content = file.bytes.toString(form);
    } catch {
      return undefined;
    }
    file.add(form, content);
    this.files.keep(file);
    return content;
  }

  /**
   * Caches content that was just read.
   *
   * @returns the content for the caller
   */
  private keep(path: string, identity: FileIdentity, form: ReadAs, content: Buffer | string): Buffer | string {
    const known = this.files.peek(path);
    const file = known !== undefined && isSameContent(known.identity, identity) ? known : new CachedFile(path, identity);
    const held = file.get(form);
    if (held !== undefined) return held;
    file.add(form, typeof content === 'string' ? content : copyContent(content));
    this.files.keep(file);
    return content;
  }
}

/** @param shared whether another caller gets the bytes themselves, so that this one needs a copy */
function contentOf(bytes: Buffer, form: ReadAs, shared = false): Buffer | string {
  if (form !== 'buffer') return bytes.toString(form);
  return shared ? Buffer.from(bytes) : bytes;
}

/** Not by `Buffer.from`: a slice of Node's pool keeps the whole pool alive. */
function copyContent(bytes: Buffer): Buffer {
  const copy = Buffer.allocUnsafeSlow(bytes.length);
  bytes.copy(copy);
  return copy;
}

/** Whether two reads must have seen the same content. */
function isSameContent(a: FileIdentity, b: FileIdentity): boolean {
  return a === b || (a.hasStableTimes && b.hasStableTimes && isSame(a, b));
}
