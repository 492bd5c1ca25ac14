import { rawFs } from './raw-fs';
import { type FileIdentity, identityOf } from './file-identity';

/** A file that was read, or what `fs` made of it. */
export interface ReadNow {
  /** Undefined when the file is not one for the cache. */
  identity: FileIdentity | undefined;
  bytes: Buffer;
}

/**
 * Reads a file with the calls that `fs.readFileSync` makes and no more, and learns its identity on the way.
 *
 * @param mayKeep whether the cache would take it
 * @throws what `fs` does
 */
export function readNow(path: string, mayKeep: (identity: FileIdentity) => boolean): ReadNow {
  const { openSync, fstatSync, readFileSync, closeSync } = rawFs();
  const fd = openSync(path, 'r');
  try {
    const now = Date.now();
    const identity = identityOf(fstatSync(fd, { bigint: true }), now);
    // Opened only once: a pipe ends for its writer when its reader closes it.
    if (identity === undefined || !mayKeep(identity)) return { identity: undefined, bytes: readFileSync(fd) };
    const bytes = readAll(fd, Number(identity.size));
    // As the files of /sys, which say that they have a page.
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
