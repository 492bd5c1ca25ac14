import { Writable } from 'node:stream';

/** Bytes written to stdout and stderr that are still buffered in this process. `process.exit` would discard them. */
export function unsentOutput(): number {
  return process.stdout.writableLength + process.stderr.writableLength;
}

/** Calls back once stdout and stderr are flushed. */
export function drainOutput(done: () => void): void {
  let left = 1;
  const written = (): void => {
    if (--left === 0) done();
  };
  for (const stream of [process.stdout, process.stderr]) {
    if (!(stream.writableLength > 0)) continue;
    left++;
    // Not `stream.write`, which programs replace.
    Writable.prototype.write.call(stream, '', 'utf8', written);
  }
  written();
}

/**
 * Makes writes to stdout and stderr wait until the pipe takes them: what listeners of `process.on('exit')` write would otherwise be lost,
 * since no turn of the event loop follows. To be called when nothing is buffered.
 */
export function writeSynchronously(): void {
  for (const stream of [process.stdout, process.stderr] as { _handle?: { setBlocking?(isBlocking: boolean): void } }[]) {
    stream._handle?.setBlocking?.(true);
  }
}
