import { basename, dirname, join, resolve, sep } from 'node:path';
import { fileURLToPath } from 'node:url';
import { rawFs } from './raw-fs';

/** A path as `fs` takes it: a string, its bytes, or a `file:` URL. */
export type FilePath = string | Buffer | URL;

const SEPARATOR = sep === '/' ? '/' : '[\\\\/]';

/** Matches paths that name a folder: `''`, `'a/'`, `'a/.'`, `'a/..'`. */
const FOLDER = new RegExp(`(^|${SEPARATOR})\\.{0,2}$`);

/** A leading `'../'` is safe: the working directory is a folder and not a link. */
const START = new RegExp(`^${SEPARATOR}*(\\.{1,2}${SEPARATOR}+)*`);

const CLIMBS = new RegExp(`${SEPARATOR}\\.\\.${SEPARATOR}`);

/**
 * The absolute path under which a file is cached; undefined for a folder and for an invalid path, which are left to `fs`.
 */
export function cacheKey(file: unknown): string | undefined {
  const string = pathString(file);
  return string === undefined || FOLDER.test(string) ? undefined : absolute(string);
}

/** The absolute path of a file or a folder; undefined for an invalid path. */
export function absolutePath(path: unknown): string | undefined {
  const string = pathString(path);
  return string === undefined ? undefined : absolute(string);
}

function absolute(path: string): string | undefined {
  if (path.includes('\0')) return undefined;
  if (!path.includes('..') || !CLIMBS.test(path.replace(START, ''))) return resolve(path);
  try {
    // Where `link` points to another folder, `link/..` is the parent of that folder, which the string does not show.
    return join(rawFs().realpathSync.native(dirname(path)), basename(path));
  } catch {
    return undefined;
  }
}

/** @throws TypeError for an invalid path */
export function checkPath(file: FilePath): void {
  if (typeof file === 'string' || Buffer.isBuffer(file) || file instanceof URL) return;
  throw new TypeError(`A file must be a path, the path's bytes or a file: URL, not ${String(file)}.`);
}

function pathString(file: unknown): string | undefined {
  if (typeof file === 'string') return file;
  if (Buffer.isBuffer(file)) {
    const string = file.toString();
    // A name that is not UTF-8 has no string form.
    return Buffer.from(string).equals(file) ? string : undefined;
  }
  if (!(file instanceof URL)) return undefined;
  try {
    return fileURLToPath(file);
  } catch {
    return undefined;
  }
}
