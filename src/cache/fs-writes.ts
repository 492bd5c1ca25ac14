import type { EventEmitter } from 'node:events';
import type { FileHandle } from 'node:fs/promises';
import type { CachedReads } from './cached-reads';
import { absolutePath } from './file-path';
import { isForWriting, type OpenFiles } from './open-files';
import type { Method } from './patched-method';

/** Functions that change files, with the indexes of the arguments that name them. Writes to open files are covered by `open`. */
export const WRITES: Record<string, readonly number[]> = {
  appendFile: [0],
  chmod: [0],
  chown: [0],
  copyFile: [1],
  cp: [1],
  link: [1],
  lutimes: [0],
  rename: [0, 1],
  rm: [0],
  rmdir: [0],
  symlink: [1],
  truncate: [0],
  unlink: [0],
  utimes: [0],
  writeFile: [0],
};

/**
 * Drops the files that the arguments name.
 *
 * @returns drops them again, for after the change
 */
function invalidateAround(cache: CachedReads, args: readonly unknown[], named: readonly number[]): () => void {
  const paths = named.flatMap((at) => absolutePath(args[at]) ?? []);
  const folders = paths.map((path) => cache.forget(path));
  return () => paths.forEach((path, at) => cache.forget(path, folders[at]));
}

/** Wraps a function whose name ends in `Sync`. */
export function writeSync(cache: CachedReads, named: readonly number[], original: Method): Method {
  return function (...args) {
    const changed = invalidateAround(cache, args, named);
    try {
      return original.apply(this, args);
    } finally {
      changed();
    }
  };
}

/** Wraps a function with a callback. */
export function write(cache: CachedReads, named: readonly number[], original: Method): Method {
  return function (...args) {
    return original.apply(this, beforeCallback(args, invalidateAround(cache, args, named)));
  };
}

/** Wraps a function of `fs.promises`. */
export function writePromise(cache: CachedReads, named: readonly number[], original: Method): Method {
  return async function (...args) {
    const changed = invalidateAround(cache, args, named);
    try {
      return await original.apply(this, args);
    } finally {
      changed();
    }
  };
}

/** `fs.openSync`. */
export function openSync(cache: CachedReads, files: OpenFiles, original: Method): Method {
  return function (...args) {
    const forWriting = isForWriting(args[1]);
    const changed = forWriting ? invalidateAround(cache, args, [0]) : undefined;
    const fd = original.apply(this, args) as number;
    changed?.();
    files.opened(fd, forWriting);
    return fd;
  };
}

/** `fs.open`. */
export function open(cache: CachedReads, files: OpenFiles, original: Method): Method {
  return function (...args) {
    const forWriting = isForWriting(args[1]);
    const changed = forWriting ? invalidateAround(cache, args, [0]) : undefined;
    const opened = (error: unknown, fd: unknown): void => {
      changed?.();
      if (!error) files.opened(fd as number, forWriting);
    };
    return original.apply(this, beforeCallback(args, opened));
  };
}

/** `fs.promises.open`. */
export function openPromise(cache: CachedReads, files: OpenFiles, original: Method): Method {
  return async function (...args) {
    const forWriting = isForWriting(args[1]);
    const changed = forWriting ? invalidateAround(cache, args, [0]) : undefined;
    const handle = (await original.apply(this, args)) as FileHandle & EventEmitter;
    changed?.();
    const release = forWriting ? files.suspend(handle.fd) : undefined;
    if (release) handle.once('close', release);
    return handle;
  };
}

/** `fs.closeSync`. */
export function closeSync(files: OpenFiles, original: Method): Method {
  return function (...args) {
    const closed = files.closing(args[0]);
    try {
      return original.apply(this, args);
    } finally {
      closed?.();
    }
  };
}

/** `fs.close`. */
export function close(files: OpenFiles, original: Method): Method {
  return function (...args) {
    const closed = files.closing(args[0]);
    if (closed === undefined) return original.apply(this, args);
    if (typeof args[1] === 'function') return original.apply(this, beforeCallback(args, closed));
    closed();
    return original.apply(this, args);
  };
}

/** The arguments with a callback that calls `first` before the caller's. */
function beforeCallback(args: readonly unknown[], first: (...results: unknown[]) => void): unknown[] {
  const callback = args.at(-1);
  // Without a callback, Node refuses the call or does not report its end.
  if (typeof callback !== 'function') return [...args];
  const both: Method = function (...results) {
    first(...results);
    return (callback as Method).apply(this, results);
  };
  return [...args.slice(0, -1), both];
}
