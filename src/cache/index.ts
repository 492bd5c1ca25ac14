/** The file cache: `import { cache } from 'dist-io/cache'`, in a slave or in any other process. */
export { FileCache, type KeptFile, type Purged } from './file-cache';
export type { CacheOptions, EffectiveCacheOptions } from './options';
export type { FilePath } from './file-path';
export { cache, type ProcessCache } from './process-cache';
export type { Size } from '../units';
