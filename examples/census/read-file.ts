import { closeSync, constants, fstatSync, openSync, readSync, type Stats } from 'node:fs';
import { type BytePath, toBytes } from './byte-path';

/** Whatever took the place of the file since it was found is not followed, and a pipe is not waited for. */
const FLAGS = constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK;

/**
 * Reads a file of any size in chunks; each is valid only until `use` returns.
 *
 * @param buffer where the chunks are read into, again and again
 * @returns what the system knew of the file when it was opened
 * @throws an error with a `code`, as `node:fs` has them
 */
export function readFile(path: BytePath, buffer: Buffer, use: (chunk: Buffer) => void): Stats {
  const file = openSync(toBytes(path), FLAGS);
  try {
    const stats = fstatSync(file);
    if (!stats.isFile()) throw Object.assign(new Error('It is no file any more.'), { code: 'ENOTFILE' });
    for (let length; (length = readSync(file, buffer)) > 0;) use(buffer.subarray(0, length));
    return stats;
  } finally {
    closeSync(file);
  }
}
