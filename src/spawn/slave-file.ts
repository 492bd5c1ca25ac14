import { realpathSync, statSync } from 'node:fs';
import { resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Runtime } from '../channel/channel';
import { show } from '../format';
import { isURL } from '../option-rules';

const EXTENSIONS = ['', '.js', '.cjs', '.mjs', '.ts', '.cts', '.mts'];

/** Where a slave's file is. */
export interface SlaveFile {
  /** Absolute, without symbolic links; when nothing was found, what was looked for. */
  path: string;
  found: boolean;
  /** What takes the place of a file: a class with `@Task` methods, or an object that has them. Then `path` is the name of the class. */
  target?: object;
}

/** What a slave is made from. */
export type SlaveSource = string | URL | object;

/**
 * Finds a slave's file: a path relative to the working directory, an absolute one, or a `file:` URL; a missing extension is
 * found.
 *
 * @throws TypeError when it is neither a text nor a `file:` URL
 */
export function findSlaveFile(file: string | URL): SlaveFile {
  if (!isURL(file) && (typeof file !== 'string' || file === '')) {
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
  if (isURL(file)) return fileURLToPath(file.href);
  if (file.startsWith('file:')) return fileURLToPath(file);
  try {
    return resolve(file);
  } catch {
    return undefined;
  }
}

/**
 * Finds what a slave is made from: a file, or for an inline slave a class with `@Task` methods or an object that has them.
 *
 * @throws TypeError when it is none of these, or a class for a slave that is not inline
 */
export function findSlaveSource(source: SlaveSource, runtime: Runtime): SlaveFile {
  const isTarget = typeof source === 'function' || (typeof source === 'object' && (source as unknown) !== null && !isURL(source));
  if (!isTarget) return findSlaveFile(source as string | URL);
  const { name } = (typeof source === 'function' ? source : source.constructor) as { name: string };
  if (runtime !== 'inline')
    throw new TypeError(`The class ${name} cannot be sent to a ${runtime}: pass the path of its file, or the option runtime: 'inline'.`);
  return { path: name, found: true, target: source };
}
