import { Writable } from 'node:stream';

/** How much of what this process has written to stdout and stderr waits for its reader: `process.exit` drops it. In bytes. */
export function unsentOutput(): number {
  return process.stdout.writableLength + process.stderr.writableLength;
}

/** Calls back once nothing of it waits. */
export function drainOutput(done: () => void): void {
  let left = 1;
  const written = (): void => {
    if (--left === 0) done();
  };
  for (const stream of [process.stdout, process.stderr]) {
    if (!(stream.writableLength > 0)) continue;
    left++;
    // Not the stream's own method, which programs replace.
    Writable.prototype.write.call(stream, '', 'utf8', written);
  }
  written();
}
