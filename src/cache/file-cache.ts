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
  /** How many reads it answered. */
  hits: number;
}

/** What a purge freed. */
export interface PurgeResult {
  /** How many files. A file that was read by two names counts twice. */
  files: number;
  /** Their bytes. */
  bytes: number;
}

/**
 * Keeps files in memory up to a given size. The least recently used files are evicted first.
 *
 * With `watch` on, old content of a file that was changed, replaced, truncated or deleted is never returned: each read compares the file's
 * times, size and identity on the disk. {@link cache} is the cache of this process.
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
  /** @internal Also used by `fs` when it is wrapped. */
  readonly reads = new CachedReads(resolveCacheOptions(this.ownOptions));

  /** @throws TypeError for an option that does not exist or has a wrong value */
  constructor(options: CacheOptions = {}) {
    this.setOptions(options);
  }

  /**
   * Changes some options or all; `undefined` restores a default.
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

  /** The size of all cached files, in bytes. */
  get currentSize(): number {
    return this.reads.files.size;
  }

  /** The used share of the size, from 0 to 1; 0 without a limit. */
  get utilized(): number {
    return this.currentSize / this.reads.options.size;
  }

  /** How many reads were answered from memory, or shared the disk read of another. */
  get hits(): number {
    return this.reads.hits;
  }

  /** How many reads went to the disk. */
  get misses(): number {
    return this.reads.misses;
  }

  /**
   * Reads a whole file, from memory if it is cached. Concurrent reads of one file share one disk read.
   *
   * @param file a path, the path's bytes or a `file:` URL
   * @param encoding resolves a string; without it, a Buffer that the caller may change
   * @throws TypeError at once for an invalid path or encoding; rejects with Node's own error when the file cannot be read
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
    const cached = this.reads.cached(path, form);
    if (cached !== undefined) return Promise.resolve(cached);
    return this.reads.read(path, form).then((content) => content ?? this.noCache(file, encoding));
  }

  /** The synchronous {@link read}. */
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

  /** Reads a file from the disk, bypassing the cache. */
  noCache(file: FilePath, encoding?: null): Promise<Buffer>;
  noCache(file: FilePath, encoding: BufferEncoding): Promise<string>;
  noCache(file: FilePath, encoding?: BufferEncoding | null): Promise<Buffer | string>;
  noCache(file: FilePath, encoding?: BufferEncoding | null): Promise<Buffer | string> {
    checkPath(file);
    checkedReadAs(encoding);
    return promisify(rawFs().readFile)(file, encoding);
  }

  /** The synchronous {@link noCache}. */
  noCacheSync(file: FilePath, encoding?: null): Buffer;
  noCacheSync(file: FilePath, encoding: BufferEncoding): string;
  noCacheSync(file: FilePath, encoding?: BufferEncoding | null): Buffer | string;
  noCacheSync(file: FilePath, encoding?: BufferEncoding | null): Buffer | string {
    checkPath(file);
    checkedReadAs(encoding);
    return rawFs().readFileSync(file, encoding);
  }

  /** Whether a file is cached and, with `watch` on, unchanged on the disk. */
  isCached(file: FilePath): boolean {
    const cached = this.peek(file);
    return cached !== undefined && this.reads.isFresh(cached);
  }

  /** The bytes that a file takes in the cache, in all encodings that were read; 0 when it is not cached. */
  sizeOf(file: FilePath): number {
    return this.peek(file)?.size ?? 0;
  }

  /** The cached files, most recently used first. */
  dump(): CachedFileInfo[] {
    return this.reads.files.all().map(({ path, size, hits }) => ({ file: path, size, hits }));
  }

  /**
   * Drops files, under every name by which they were read; without arguments, all. Reads in progress are not cached.
   *
   * @returns what was freed
   * @throws TypeError for an invalid path
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
