import { readSync } from 'node:fs';
import type { Batch } from '../protocol/batch';
import { FrameReader } from '../protocol/frames';

/** In bytes: the most that is read at one time. */
const LARGEST_READ = 1024 * 1024;

/** Reads the first frame of a socket synchronously, and nothing behind it. Ends the process when the other end has closed. */
export function readFirstFrame(fd: number): Batch {
  const reader = new FrameReader(Infinity);
  for (;;) {
    const piece = Buffer.allocUnsafeSlow(Math.min(reader.missing, LARGEST_READ));
    const [batch] = reader.push(piece.subarray(0, readSome(fd, piece)));
    // eslint-disable-next-line @typescript-eslint/no-unnecessary-condition -- most pieces complete no frame
    if (batch !== undefined) return batch;
  }
}

function readSome(fd: number, piece: Buffer): number {
  const nap = new Int32Array(new SharedArrayBuffer(4));
  for (;;) {
    try {
      const bytes = readSync(fd, piece);
      if (bytes === 0) process.exit();
      return bytes;
    } catch (error) {
      // Where the socket does not block.
      if ((error as NodeJS.ErrnoException).code !== 'EAGAIN') throw error;
      Atomics.wait(nap, 0, 0, 1);
    }
  }
}
