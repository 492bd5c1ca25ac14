import type { Readable } from 'node:stream';
import type { Output } from './channel';

/** In bytes: enough for a stack and what led to it. */
const TAIL = 8 * 1024;

/** Passes a slave's stderr on and remembers its end. */
export class StderrTail {
  private tail: Buffer = Buffer.alloc(0);

  constructor(stream: Readable, output: Output) {
    const target = output === 'inherit' ? process.stderr : output === 'ignore' ? undefined : output;
    stream.on('data', (chunk: Buffer) => {
      target?.write(chunk);
      const joined = this.tail.length === 0 ? chunk : Buffer.concat([this.tail, chunk]);
      this.tail = joined.subarray(-TAIL);
    });
  }

  toString(): string {
    return this.tail.toString('utf8');
  }
}
