import { isUtf8 } from 'node:buffer';

/**
 * UTF-8, or the best guess: UTF-16 by its byte order mark (which UTF-32 may have too), binary by a zero byte, and `'other'` for
 * encodings that cannot be detected, such as Latin-1.
 */
export type Encoding = 'UTF-8' | 'UTF-16' | 'binary' | 'other';

/** Detects the encoding of bytes that arrive in chunks. */
export class EncodingProbe {
  private valid = true;
  private hasMark: boolean | undefined;
  private hasZero = false;
  /** An incomplete character at the end of the last chunk. */
  private unfinished = Buffer.alloc(0);

  get encoding(): Encoding {
    if (this.valid && this.unfinished.length === 0) return 'UTF-8';
    if (this.hasMark) return 'UTF-16';
    return this.hasZero ? 'binary' : 'other';
  }

  add(chunk: Buffer): void {
    this.hasMark ??= (chunk[0] === 0xff && chunk[1] === 0xfe) || (chunk[0] === 0xfe && chunk[1] === 0xff);
    this.hasZero ||= chunk.includes(0);
    if (!this.valid) return;
    const bytes = this.unfinished.length === 0 ? chunk : Buffer.concat([this.unfinished, chunk]);
    const end = endOfLastCharacter(bytes);
    this.valid = isUtf8(bytes.subarray(0, end));
    // A copy, since the chunk's memory is reused for the next chunk.
    this.unfinished = Buffer.from(bytes.subarray(end));
  }
}

/** The index after the last complete UTF-8 character; at most three bytes follow. */
function endOfLastCharacter(bytes: Buffer): number {
  for (let back = 1; back <= Math.min(3, bytes.length); back++) {
    const byte = bytes[bytes.length - back];
    const continues = (byte & 0b1100_0000) === 0b1000_0000;
    if (continues) continue;
    const length = byte >= 0xf0 ? 4 : byte >= 0xe0 ? 3 : byte >= 0xc0 ? 2 : 1;
    return length > back ? bytes.length - back : bytes.length;
  }
  return bytes.length;
}
