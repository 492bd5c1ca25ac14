import { basename, dirname, join, resolve, sep } from 'node:path';
import { fileURLToPath } from 'node:url';
import { rawFs } from './raw-fs';

/** A path as `fs` takes it: a text, the bytes of one, or a `file:` URL. */
export type FilePath = string | Buffer | URL;

const SEPARATOR = sep === '/' ? '/' : '[\\\\/]';

/** Ends in a folder: `''`, `'a/'`, `'a/.'`, `'a/..'`. */
const FOLDER = new RegExp(`(^|${SEPARATOR})\\.{0,2}$`);

/** `'../'` at the start is safe: the working directory is a folder, and no link to one. */
const START = new RegExp(`^${SEPARATOR}*(\\.{1,2}${SEPARATOR}+)*`);

const CLIMBS = new RegExp(`${SEPARATOR}\\.\\.${SEPARATOR}`);

/**
 * The absolute path that a file is kept under; undefined for what is left to the system, which knows what it means: the path of a
 * folder, and whatever is no path at all.
 */
export function cacheKey(file: unknown): string | undefined {
  const text = pathString(file);
  return text === undefined || FOLDER.test(text) ? undefined : absolute(text);
}

/** The absolute path of a file or a folder; undefined for whatever is no path at all. */
export function absolutePath(path: unknown): string | undefined {
  const text = pathString(path);
  return text === undefined ? undefined : absolute(text);
}

function absolute(path: string): string | undefined {
  if (path.includes('\0')) return undefined;
  if (!path.includes('..') || !CLIMBS.test(path.replace(START, ''))) return resolve(path);
  try {
    // Where `link` is one to another folder, `link/..` is the parent of that: the text alone does not say which.
    return join(rawFs().realpathSync.native(dirname(path)), basename(path));
  } catch {
    return undefined;
  }
}

/** @throws TypeError for what is no path */
export function checkPath(file: FilePath): void {
  if (typeof file === 'string' || Buffer.isBuffer(file) || file instanceof URL) return;
  throw new TypeError(`A file must be a path, the path's bytes or a file: URL, not ${String(file)}.`);
}

function pathString(file: unknown): string | undefined {
  if (typeof file === 'string') return file;
  if (Buffer.isBuffer(file)) {
    const text = file.toString();
    // A name that is not UTF-8 has no text of its own.
    return Buffer.from(text).equals(file) ? text : undefined;
  }
  if (!(file instanceof URL)) return undefined;
  try {
    return fileURLToPath(file);
  } catch {
    return undefined;
  }
}
