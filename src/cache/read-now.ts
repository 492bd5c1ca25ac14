import { rawFs } from './raw-fs';
import { type FileIdentity, identityOf } from './file-identity';
import { wallClock } from '../platform';

/** The result of a synchronous read. */
export interface ReadNow {
  /** Undefined when the file cannot be cached. */
  identity: FileIdentity | undefined;
  bytes: Buffer;
}

/**
 * Reads a file with the same system calls as `fs.readFileSync`, and its identity with them.
 *
 * @param mayKeep whether the cache takes a file of this identity
 * @throws the errors of `fs`
 */
export function readNow(path: string, mayKeep: (identity: FileIdentity) => boolean): ReadNow {
  const { openSync, fstatSync, readFileSync, closeSync } = rawFs();
  const fd = openSync(path, 'r');
  try {
    const now = wallClock();
    const identity = identityOf(fstatSync(fd, { bigint: true }), now);
    // Not opened again: a pipe ends for its writer when its reader closes it.
    if (identity === undefined || !mayKeep(identity)) return { identity: undefined, bytes: readFileSync(fd) };
    const bytes = readAll(fd, Number(identity.size));
    // Files of /sys report a size of one page.
    return { identity: bytes.length === Number(identity.size) ? identity : undefined, bytes };
  } finally {
    closeSync(fd);
  }
}

function readAll(fd: number, size: number): Buffer {
  const { readSync } = rawFs();
  const bytes = Buffer.allocUnsafe(size);
  let done = 0;
  while (done < size) {
    const read = readSync(fd, bytes, done, size - done, done);
    if (read === 0) break;
    done += read;
  }
  return done === size ? bytes : bytes.subarray(0, done);
}
