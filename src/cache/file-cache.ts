import { promisify } from 'node:util';
import type { CachedFile } from './cached-file';
import { CachedReads } from './cached-reads';
import { rawFs } from './raw-fs';
import { checkPath, type FilePath, cacheKey } from './file-path';
import { checkedReadAs } from './read-as';
import {
  type CacheOptions,
  resolveCacheOptions,
  type ResolvedCacheOptions,
  type GivenCacheOptions,
  readCacheOptions,
} from './cache-options';

/** One line of {@link FileCache.dump}. */
export interface CachedFileInfo {
  /** Its absolute path. */
  file: string;
  /** In bytes. */
  size: number;
  /** How often a read was answered from it. */
  hits: number;
}

/** What a purge has freed. */
export interface PurgeResult {
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
  private ownOptions: GivenCacheOptions = {};
  /** @internal What `fs` asks when it is wrapped. */
  readonly reads = new CachedReads(resolveCacheOptions(this.ownOptions));

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
    this.ownOptions = readCacheOptions(options, this.ownOptions);
    this.reads.options = resolveCacheOptions(this.ownOptions);
    return this;
  }

  /** All options, with the size in bytes. */
  getOptions(): ResolvedCacheOptions {
    return { ...this.reads.options };
  }

  /** How much is kept now, in bytes. */
  get currentSize(): number {
    return this.reads.files.size;
  }

  /** How much of the size is in use, from 0 to 1; 0 without limit. */
  get utilized(): number {
    return this.currentSize / this.reads.options.size;
  }

  /** How many reads were answered without reading the disk, or shared the reading of another. */
  get hits(): number {
    return this.reads.hits;
  }

  /** How many reads did read the disk. */
  get misses(): number {
    return this.reads.misses;
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
    const form = checkedReadAs(encoding);
    const path = cacheKey(file);
    if (path === undefined) {
      this.reads.misses++;
      return this.noCache(file, encoding);
    }
    const found = this.reads.cached(path, form);
    if (found !== undefined) return Promise.resolve(found);
    return this.reads.read(path, form).then((content) => content ?? this.noCache(file, encoding));
  }

  /** Like {@link read}, at once. */
  readSync(file: FilePath, encoding?: null): Buffer;
  readSync(file: FilePath, encoding: BufferEncoding): string;
  readSync(file: FilePath, encoding?: BufferEncoding | null): Buffer | string;
  readSync(file: FilePath, encoding?: BufferEncoding | null): Buffer | string {
    checkPath(file);
    const form = checkedReadAs(encoding);
    const path = cacheKey(file);
    if (path === undefined) this.reads.misses++;
    return (path === undefined ? undefined : this.reads.readSync(path, form)) ?? this.noCacheSync(file, encoding);
  }

  /** Reads a file from the disk, past the cache: it neither looks there nor keeps anything. */
  noCache(file: FilePath, encoding?: null): Promise<Buffer>;
  noCache(file: FilePath, encoding: BufferEncoding): Promise<string>;
  noCache(file: FilePath, encoding?: BufferEncoding | null): Promise<Buffer | string>;
  noCache(file: FilePath, encoding?: BufferEncoding | null): Promise<Buffer | string> {
    checkPath(file);
    checkedReadAs(encoding);
    return promisify(rawFs().readFile)(file, encoding);
  }

  /** Like {@link noCache}, at once. */
  noCacheSync(file: FilePath, encoding?: null): Buffer;
  noCacheSync(file: FilePath, encoding: BufferEncoding): string;
  noCacheSync(file: FilePath, encoding?: BufferEncoding | null): Buffer | string;
  noCacheSync(file: FilePath, encoding?: BufferEncoding | null): Buffer | string {
    checkPath(file);
    checkedReadAs(encoding);
    return rawFs().readFileSync(file, encoding);
  }

  /** Whether a file is in memory and, with `watch` on, still what is on the disk. */
  isCached(file: FilePath): boolean {
    const cached = this.peek(file);
    return cached !== undefined && this.reads.isFresh(cached);
  }

  /** The bytes that a file takes here, in all the encodings that it was read in; 0 when it is not kept. */
  sizeOf(file: FilePath): number {
    return this.peek(file)?.size ?? 0;
  }

  /** What is kept, from the last used file on. */
  dump(): CachedFileInfo[] {
    return this.reads.files.all().map(({ path, size, hits }) => ({ file: path, size, hits }));
  }

  /**
   * Forgets files, by whatever name they were read; without arguments, all. What is being read is not kept.
   *
   * @returns what that freed
   * @throws TypeError for what is no path
   */
  purge(...files: FilePath[]): PurgeResult {
    files.forEach(checkPath);
    const before = { files: this.reads.files.count, bytes: this.reads.files.size };
    if (files.length === 0) this.reads.forgetAll();
    for (const file of files) {
      const path = cacheKey(file);
      if (path !== undefined) this.reads.forget(path);
    }
    return { files: before.files - this.reads.files.count, bytes: before.bytes - this.reads.files.size };
  }

  private peek(file: FilePath): CachedFile | undefined {
    checkPath(file);
    const path = cacheKey(file);
    return path === undefined ? undefined : this.reads.files.peek(path);
  }
}
