import fs from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** Captured, since a program may replace the functions of `fs`. */
const { openSync, unlinkSync } = fs;

/** Opens a file that has no name, so that it is gone once both ends have closed it. @returns undefined where that does not work */
export function openSharedFile(): number | undefined {
  // Windows does not delete an open file.
  if (process.platform === 'win32') return undefined;
  const name = join(tmpdir(), `dist-io-${process.pid}-${Math.random()}`);
  try {
    const fd = openSync(name, 'wx+', 0o600);
    unlinkSync(name);
    return fd;
  } catch {
    return undefined;
  }
}
