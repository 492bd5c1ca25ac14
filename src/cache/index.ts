/** The file cache: `import { cache } from 'dist-io/cache'`, in a slave or in any other process. */
export { FileCache, type CachedFileInfo, type PurgeResult } from './file-cache';
export type { CacheOptions, ResolvedCacheOptions } from './cache-options';
export type { FilePath } from './file-path';
export { cache, type ProcessCache } from './process-cache';
export type { Size } from '../units';
