import { LRUCache } from 'lru-cache';
import type { CachedFile } from './cached-file';

/** The files in memory, by path. The least recently used files are evicted. */
export class FileStore {
  private lru = this.create(0);
  /** One file may have several names. */
  private readonly byInode = new Map<bigint, Set<CachedFile>>();

  get count(): number {
    return this.lru.size;
  }

  /** In bytes. */
  get size(): number {
    return this.lru.calculatedSize;
  }

  /** Marks it as used. */
  get(path: string): CachedFile | undefined {
    return this.lru.get(path);
  }

  peek(path: string): CachedFile | undefined {
    return this.lru.peek(path);
  }

  /** Most recently used first. */
  all(): CachedFile[] {
    return [...this.lru.values()];
  }

  withInode(inode: bigint): CachedFile[] {
    return [...(this.byInode.get(inode) ?? [])];
  }

  /** Adds a file, or updates its size. A file larger than the whole cache is not kept. */
  keep(file: CachedFile): void {
    const { path, size, identity } = file;
    // lru-cache keeps the old size of an entry that is set again.
    this.lru.delete(path);
    this.lru.set(path, file, { size });
    if (!this.lru.has(path)) return;
    const named = this.byInode.get(identity.ino);
    if (named === undefined) this.byInode.set(identity.ino, new Set([file]));
    else named.add(file);
  }

  /** @returns whether it was there */
  drop({ path }: { path: string }): boolean {
    return this.lru.delete(path);
  }

  /** @param bytes the new limit */
  resize(bytes: number): void {
    const files = this.all().reverse();
    this.lru.clear();
    this.lru = this.create(bytes);
    for (const file of files) this.keep(file);
  }

  private create(bytes: number): LRUCache<string, CachedFile> {
    const maxSize = Math.min(Math.max(1, Math.floor(bytes)), Number.MAX_SAFE_INTEGER);
    return new LRUCache<string, CachedFile>({ maxSize, dispose: (file) => this.unname(file) });
  }

  private unname(file: CachedFile): void {
    const named = this.byInode.get(file.identity.ino);
    named?.delete(file);
    if (named?.size === 0) this.byInode.delete(file.identity.ino);
  }
}
