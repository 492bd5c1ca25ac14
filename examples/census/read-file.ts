import { closeSync, constants, fstatSync, openSync, readSync, type Stats } from 'node:fs';
import { type BytePath, toBytes } from './byte-path';

/** If the file was replaced since it was found, a link is not followed and a pipe does not block. */
const FLAGS = constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK;

/**
 * Reads a file of any size in chunks; each chunk is valid only until `use` returns.
 *
 * @param buffer the memory that all chunks are read into
 * @returns the file's stats from when it was opened
 * @throws an error with a `code`, as `node:fs` does
 */
export function readFile(path: BytePath, buffer: Buffer, use: (chunk: Buffer) => void): Stats {
  const file = openSync(toBytes(path), FLAGS);
  try {
    const stats = fstatSync(file);
    if (!stats.isFile()) throw Object.assign(new Error('No longer a regular file.'), { code: 'ENOTFILE' });
    for (let length; (length = readSync(file, buffer)) > 0;) use(buffer.subarray(0, length));
    return stats;
  } finally {
    closeSync(file);
  }
}
