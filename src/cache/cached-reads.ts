import { CachedFile } from './cached-file';
import { type FileIdentity, isSame, isUnchanged, statOrUndefined } from './file-identity';
import { FileLoad } from './file-load';
import type { ReadAs } from './read-as';
import { FileStore } from './file-store';
import type { ResolvedCacheOptions } from './cache-options';
import { readNow } from './read-now';

/**
 * The reading of whole files by their absolute paths, from memory where it may be: what a `FileCache` asks, and `fs` when it is
 * wrapped. It is told here of changes that are made in this process.
 */
export class CachedReads {
  readonly files = new FileStore();
  /** How many reads were answered without reading the disk, or shared the reading of another. */
  hits = 0;
  /** How many did read it. */
  misses = 0;
  private readonly loading = new Map<string, FileLoad>();
  /** The inodes of files that are open for writing here, and how often they are. */
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

  /** What a read would get at once, or undefined. */
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

  /** What a read gets without waiting; undefined when `fs` shall say what is wrong. */
  readSync(path: string, form: ReadAs): Buffer | string | undefined {
    const found = this.cached(path, form);
    if (found !== undefined) return found;
    this.misses++;
    try {
      const { identity, bytes } = readNow(path, this.mayKeep);
      if (identity !== undefined && this.isKeepable(identity)) return this.keep(path, identity, bytes, form);
      return contentOf(bytes, form);
    } catch {
      return undefined;
    }
  }

  /** What a read gets after waiting; undefined when `fs` shall say what is wrong. */
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
      if (isCurrent && this.isKeepable(identity)) return this.keep(path, identity, bytes, form, shared);
      return contentOf(bytes, form, shared);
    } catch {
      // A text longer than V8 can hold.
      return undefined;
    }
  }

  /**
   * A file is about to change or has changed, by whatever name it was read.
   * @param folder whether the path was that of a folder
   * @returns whether it may be that of a folder
   */
  forget(path: string, folder = false): boolean {
    // Without a look, nothing is known about the path, and by the end of the change there may be something here.
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

  /** Any file may have changed. */
  forgetAll(): void {
    for (const file of this.files.all()) this.files.drop(file);
    for (const load of this.loading.values()) load.outdate(load.path, undefined);
  }

  /** From now on, what is read of this file is not kept. @returns the end of that */
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

  /** Whether it may be answered from. */
  isFresh(file: CachedFile): boolean {
    return !this.options.watch || isUnchanged(file.path, file.identity);
  }

  /** Whether a file is one for the cache. */
  private readonly mayKeep = ({ size, ino }: FileIdentity): boolean => Number(size) <= this.options.size && !this.open.has(ino);

  /** Whether what was read can be told from what may be written next. */
  private isKeepable({ hasStableTimes: settled }: FileIdentity): boolean {
    return settled || !this.options.watch;
  }

  /** A text of a file whose bytes are here; undefined when V8 cannot hold so long a one, which `fs` shall say. */
  private decode(file: CachedFile, form: ReadAs): string | undefined {
    if (form === 'buffer' || file.bytes === undefined) return undefined;
    let text: string;
    try {
      text = file.bytes.toString(form);
    } catch {
      return undefined;
    }
    file.add(form, text);
    this.files.keep(file);
    return text;
  }

  /** Keeps what was just read, in the form that was asked for. @returns what the caller gets */
  private keep(path: string, identity: FileIdentity, bytes: Buffer, form: ReadAs, shared = false): Buffer | string {
    const known = this.files.peek(path);
    const file = known !== undefined && isSameContent(known.identity, identity) ? known : new CachedFile(path, identity);
    const held = file.get(form);
    if (held !== undefined) return held;
    const content = contentOf(bytes, form, shared);
    file.add(form, typeof content === 'string' ? content : copyContent(content));
    this.files.keep(file);
    return content;
  }
}

/** @param shared whether somebody else is given the bytes themselves */
function contentOf(bytes: Buffer, form: ReadAs, shared = false): Buffer | string {
  if (form !== 'buffer') return bytes.toString(form);
  return shared ? Buffer.from(bytes) : bytes;
}

/** In memory of its own: a part of Node's pool would keep the whole of it alive. */
function copyContent(bytes: Buffer): Buffer {
  const copy = Buffer.allocUnsafeSlow(bytes.length);
  bytes.copy(copy);
  return copy;
}

/** Whether two readings must have found the same. */
function isSameContent(a: FileIdentity, b: FileIdentity): boolean {
  return a === b || (a.hasStableTimes && b.hasStableTimes && isSame(a, b));
}
