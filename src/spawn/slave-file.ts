import { realpathSync, statSync } from 'node:fs';
import { resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { show } from '../format';

const EXTENSIONS = ['', '.js', '.cjs', '.mjs', '.ts', '.cts', '.mts'];

/** Where a slave's file is. */
export interface SlaveFile {
  /** Absolute, without symbolic links; when nothing was found, what was looked for. */
  path: string;
  found: boolean;
}

/**
 * Finds a slave's file: a path relative to the working directory, an absolute one, or a `file:` URL; a missing extension is
 * found.
 *
 * @throws TypeError when it is neither a text nor a `file:` URL
 */
export function findSlaveFile(file: string | URL): SlaveFile {
  if (!(file instanceof URL) && (typeof file !== 'string' || file === '')) {
    throw new TypeError(`A slave's file must be a path or a file: URL, not ${show(file)}.`);
  }
  const path = absolute(file);
  if (path === undefined) return { path: String(file), found: false };
  for (const extension of EXTENSIONS) {
    if (statSync(path + extension, { throwIfNoEntry: false })?.isFile() === true)
      return { path: realpathSync(path + extension), found: true };
  }
  return { path, found: false };
}

/** @returns undefined for a relative path while the working directory is deleted */
function absolute(file: string | URL): string | undefined {
  if (file instanceof URL || file.startsWith('file:')) return fileURLToPath(file);
  try {
    return resolve(file);
  } catch {
    return undefined;
  }
}
