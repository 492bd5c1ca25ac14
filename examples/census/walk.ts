import { type Dirent, readdirSync, statSync } from 'node:fs';
import { type BytePath, toBytePath, toBytes } from './byte-path';

/** An entry of a folder that is not a folder itself, or a folder that could not be opened. */
export interface Entry {
  path: BytePath;
  kind: 'file' | 'link' | 'broken link' | 'special file' | 'unreadable' | 'vanished';
  /** The code of the error, if there was one. */
  code?: string;
}

/** Finds everything below a directory. Symbolic links are reported and not followed, so that there are no duplicates and no cycles. */
export function* walk(directory: string): Generator<Entry> {
  const folders = [toBytePath(directory)];
  for (let folder; (folder = folders.pop()) !== undefined;) {
    const prefix = folder.endsWith('/') ? folder : `${folder}/`;
    let entries: Dirent<Buffer>[];
    try {
      entries = readdirSync(toBytes(folder), { withFileTypes: true, encoding: 'buffer' });
    } catch (error) {
      yield failure(folder, error);
      continue;
    }
    for (const entry of entries) {
      const path = prefix + toBytePath(entry.name);
      if (entry.isDirectory()) folders.push(path);
      else if (entry.isFile()) yield { path, kind: 'file' };
      else if (entry.isSymbolicLink()) yield link(path);
      else yield { path, kind: 'special file' };
    }
  }
}

function link(path: BytePath): Entry {
  try {
    statSync(toBytes(path));
    return { path, kind: 'link' };
  } catch (error) {
    return { path, kind: 'broken link', code: codeOf(error) };
  }
}

function failure(path: BytePath, error: unknown): Entry {
  const code = codeOf(error);
  return { path, kind: code === 'ENOENT' ? 'vanished' : 'unreadable', code };
}

function codeOf(error: unknown): string {
  return (error as NodeJS.ErrnoException).code ?? String(error);
}
