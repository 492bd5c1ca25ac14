import { promisify } from 'node:util';
import { CachedFile } from './cached-file';
import { disk } from './disk';
import { type FileIdentity, isSame, isUnchanged, look } from './file-identity';
import { FileLoad } from './file-load';
import { checkPath, type FilePath, keyOf } from './file-path';
import { checkedForm, type Form } from './form';
import { KeptFiles } from './kept-files';
import { type CacheOptions, effectiveOptions, type EffectiveCacheOptions, type OwnCacheOptions, readCacheOptions } from './options';
import { readNow } from './read-now';

/** One line of {@link FileCache.dump}. */
export interface KeptFile {
  /** Its absolute path. */
  file: string;
  /** In bytes. */
  size: number;
  /** How often a read was answered from it. */
  hits: number;
}

/** What a purge has freed. */
export interface Purged {
  /** How many files. A file that was read by two names counts twice. */
  files: number;
  /** Their bytes. */
  bytes: number;
}

/**
 * Keeps files in memory, within a stated size; those that were not used for the longest time leave first.
 *
 * With `watch` on, a file that was changed, replaced, truncated or deleted is never served as it was before: each read looks at the
 * file's times, size and identity on the disk. {@link cache} is the one of this process.
 *
 * @example
 * ```js
 * const { cache } = require('dist-io/cache');
 *
 * cache.setOptions({ size: '64mb' });
 * const text = await cache.read('./page.html', 'utf8');
 * ```
 */
export class FileCache {
  private own: OwnCacheOptions = {};
  private options = effectiveOptions(this.own);
  private readonly files = new KeptFiles();
  private readonly loading = new Map<string, FileLoad>();
  /** The inodes of files that are open for writing here, and how often they are. */
  private readonly open = new Map<bigint, number>();
  private counts = { hits: 0, misses: 0 };

  /** @throws TypeError for an option that does not exist or has a wrong value */
  constructor(options: CacheOptions = {}) {
    this.setOptions(options);
  }

  /**
   * Changes some options, or all; one that is `undefined` is again the default.
   *
   * @throws TypeError for an option that does not exist or has a wrong value
   */
  setOptions(options: CacheOptions): this {
    this.own = readCacheOptions(options, this.own);
    this.options = effectiveOptions(this.own);
    this.files.resize(this.options.size);
    return this;
  }

  /** All options, with the size in bytes. */
  getOptions(): EffectiveCacheOptions {
    return { ...this.options };
  }

  /** How much is kept now, in bytes. */
  get currentSize(): number {
    return this.files.size;
  }

  /** How much of the size is in use, from 0 to 1; 0 without limit. */
  get utilized(): number {
    return this.currentSize / this.options.size;
  }

  /** How many reads were answered without reading the disk, or shared the reading of another. */
  get hits(): number {
    return this.counts.hits;
  }

  /** How many reads did read the disk. */
  get misses(): number {
    return this.counts.misses;
  }

  /**
   * Reads a whole file, from memory when it is there. Those who ask for one file at the same time share its reading.
   *
   * @param file a path, the path's bytes or a `file:` URL
   * @param encoding of the text to resolve; without it, a Buffer that is the caller's own
   * @throws TypeError, at once, for what is no path or no encoding; rejects with Node's own error when the file cannot be read
   */
  read(file: FilePath, encoding?: null): Promise<Buffer>;
  read(file: FilePath, encoding: BufferEncoding): Promise<string>;
  read(file: FilePath, encoding?: BufferEncoding | null): Promise<Buffer | string>;
  read(file: FilePath, encoding?: BufferEncoding | null): Promise<Buffer | string> {
    checkPath(file);
    const form = checkedForm(encoding);
    const path = keyOf(file);
    if (path === undefined) {
      this.counts.misses++;
      return this.noCache(file, encoding);
    }
    const found = this.find(path, form);
    if (found !== undefined) return Promise.resolve(found);
    return this.load(path, form).then((content) => content ?? this.noCache(file, encoding));
  }

  /** Like {@link read}, at once. */
  readSync(file: FilePath, encoding?: null): Buffer;
  readSync(file: FilePath, encoding: BufferEncoding): string;
  readSync(file: FilePath, encoding?: BufferEncoding | null): Buffer | string;
  readSync(file: FilePath, encoding?: BufferEncoding | null): Buffer | string {
    checkPath(file);
    const form = checkedForm(encoding);
    const path = keyOf(file);
    if (path === undefined) this.counts.misses++;
    return (path === undefined ? undefined : this.take(path, form)) ?? this.noCacheSync(file, encoding);
  }

  /** Reads a file from the disk, past the cache: it neither looks there nor keeps anything. */
  noCache(file: FilePath, encoding?: null): Promise<Buffer>;
  noCache(file: FilePath, encoding: BufferEncoding): Promise<string>;
  noCache(file: FilePath, encoding?: BufferEncoding | null): Promise<Buffer | string>;
  noCache(file: FilePath, encoding?: BufferEncoding | null): Promise<Buffer | string> {
    checkPath(file);
    checkedForm(encoding);
    return promisify(disk().readFile)(file, encoding);
  }

  /** Like {@link noCache}, at once. */
  noCacheSync(file: FilePath, encoding?: null): Buffer;
  noCacheSync(file: FilePath, encoding: BufferEncoding): string;
  noCacheSync(file: FilePath, encoding?: BufferEncoding | null): Buffer | string;
  noCacheSync(file: FilePath, encoding?: BufferEncoding | null): Buffer | string {
    checkPath(file);
    checkedForm(encoding);
    return disk().readFileSync(file, encoding);
  }

  /** Whether a file is in memory and, with `watch` on, still what is on the disk. */
  isCached(file: FilePath): boolean {
    const kept = this.peek(file);
    return kept !== undefined && this.isFresh(kept);
  }

  /** The bytes that a file takes here, in all the encodings that it was read in; 0 when it is not kept. */
  sizeOf(file: FilePath): number {
    return this.peek(file)?.size ?? 0;
  }

  /** What is kept, from the last used file on. */
  dump(): KeptFile[] {
    return this.files.all().map(({ path, size, hits }) => ({ file: path, size, hits }));
  }

  /**
   * Forgets files, by whatever name they were read; without arguments, all. What is being read is not kept.
   *
   * @returns what that freed
   * @throws TypeError for what is no path
   */
  purge(...files: FilePath[]): Purged {
    files.forEach(checkPath);
    const before = { files: this.files.count, bytes: this.files.size };
    if (files.length === 0) {
      for (const file of this.files.all()) this.files.drop(file);
      for (const load of this.loading.values()) load.outdate(load.path, undefined);
    }
    for (const file of files) {
      const path = keyOf(file);
      if (path !== undefined) this.forget(path);
    }
    return { files: before.files - this.files.count, bytes: before.bytes - this.files.size };
  }

  /** @internal What a read would get at once, or undefined. */
  find(path: string, form: Form): Buffer | string | undefined {
    const file = this.files.get(path);
    if (file === undefined) return undefined;
    if (!this.isFresh(file)) {
      this.files.drop(file);
      return undefined;
    }
    const content = file.get(form) ?? this.decode(file, form);
    if (content !== undefined) {
      file.hits++;
      this.counts.hits++;
    }
    return content;
  }

  /** @internal What a read gets without waiting; undefined when `fs` shall say what is wrong. */
  take(path: string, form: Form): Buffer | string | undefined {
    const found = this.find(path, form);
    if (found !== undefined) return found;
    this.counts.misses++;
    try {
      const { identity, bytes } = readNow(path, this.mayKeep);
      if (identity !== undefined && this.isKeepable(identity)) return this.keep(path, identity, bytes, form);
      return contentOf(bytes, form);
    } catch {
      return undefined;
    }
  }

  /** @internal What a read gets after waiting; undefined when `fs` shall say what is wrong. */
  async load(path: string, form: Form): Promise<Buffer | string | undefined> {
    const running = this.loading.get(path);
    const shared = running?.isFor(this.options.watch) === true;
    const load = shared ? running : new FileLoad(path, this.mayKeep);
    if (shared) this.counts.hits++;
    else {
      this.counts.misses++;
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
   * @internal A file is about to change or has changed, by whatever name it was read.
   * @param folder whether the path was that of a folder
   * @returns whether it may be that of a folder
   */
  forget(path: string, folder = false): boolean {
    // Without a look, nothing is known about the path, and by the end of the change there may be something here.
    if (this.files.count === 0 && this.loading.size === 0) return true;
    const stats = look(path);
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

  /** @internal From now on, what is read of this file is not kept. @returns the end of that */
  hold(inode: bigint): () => void {
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

  private peek(file: FilePath): CachedFile | undefined {
    checkPath(file);
    const path = keyOf(file);
    return path === undefined ? undefined : this.files.peek(path);
  }

  private isFresh(file: CachedFile): boolean {
    return !this.options.watch || isUnchanged(file.path, file.identity);
  }

  /** Whether a file is one for the cache. */
  private readonly mayKeep = ({ size, ino }: FileIdentity): boolean => Number(size) <= this.options.size && !this.open.has(ino);

  /** Whether what was read can be told from what may be written next. */
  private isKeepable({ settled }: FileIdentity): boolean {
    return settled || !this.options.watch;
  }

  /** A text of a file whose bytes are here; undefined when V8 cannot hold so long a one, which `fs` shall say. */
  private decode(file: CachedFile, form: Form): string | undefined {
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
  private keep(path: string, identity: FileIdentity, bytes: Buffer, form: Form, shared = false): Buffer | string {
    const known = this.files.peek(path);
    const file = known !== undefined && isSameContent(known.identity, identity) ? known : new CachedFile(path, identity);
    const held = file.get(form);
    if (held !== undefined) return held;
    const content = contentOf(bytes, form, shared);
    file.add(form, typeof content === 'string' ? content : ownCopy(content));
    this.files.keep(file);
    return content;
  }
}

/** @param shared whether somebody else is given the bytes themselves */
function contentOf(bytes: Buffer, form: Form, shared = false): Buffer | string {
  if (form !== 'buffer') return bytes.toString(form);
  return shared ? Buffer.from(bytes) : bytes;
}

/** In memory of its own: a part of Node's pool would keep the whole of it alive. */
function ownCopy(bytes: Buffer): Buffer {
  const copy = Buffer.allocUnsafeSlow(bytes.length);
  bytes.copy(copy);
  return copy;
}

/** Whether two readings must have found the same. */
function isSameContent(a: FileIdentity, b: FileIdentity): boolean {
  return a === b || (a.settled && b.settled && isSame(a, b));
}
