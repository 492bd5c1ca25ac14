import { cache, type FileCache } from 'dist-io/cache';

const files: FileCache = cache;
export const page: Promise<string> = files.read('page.html', 'utf8');
