import { readSync } from 'node:fs';
import type { Batch } from '../protocol/batch';
import { FrameReader } from '../protocol/frames';

/** In bytes: the largest single read. */
const LARGEST_READ = 1024 * 1024;

/** Reads the first frame of a socket synchronously, and no byte after it. Exits the process when the other end has closed. */
export function readFirstFrame(fd: number): Batch {
  const reader = new FrameReader(Infinity);
  for (;;) {
    const chunk = Buffer.allocUnsafeSlow(Math.min(reader.missing, LARGEST_READ));
    const [batch] = reader.push(chunk.subarray(0, readSome(fd, chunk)));
    // eslint-disable-next-line @typescript-eslint/no-unnecessary-condition -- most chunks complete no frame
    if (batch !== undefined) return batch;
  }
}

function readSome(fd: number, chunk: Buffer): number {
  const sleepCell = new Int32Array(new SharedArrayBuffer(4));
  for (;;) {
    try {
      const bytes = readSync(fd, chunk);
      if (bytes === 0) process.exit();
      return bytes;
    } catch (error) {
      // The socket is non-blocking on this platform: sleep, then read again.
      if ((error as NodeJS.ErrnoException).code !== 'EAGAIN') throw error;
      Atomics.wait(sleepCell, 0, 0, 1);
    }
  }
}
