import { isUtf8 } from 'node:buffer';

/**
 * UTF-8, or what it seems to be instead: UTF-16 by its byte order mark (with which UTF-32 may begin too), binary by a zero byte,
 * else one that cannot be told, such as Latin-1.
 */
export type Encoding = 'UTF-8' | 'UTF-16' | 'binary' | 'other';

/** Tells the encoding of bytes that come in chunks. */
export class EncodingProbe {
  private valid = true;
  private hasMark: boolean | undefined;
  private hasZero = false;
  /** The beginning of a character that the next chunk continues. */
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
    // A copy, since whoever reads the file will fill the chunk anew.
    this.unfinished = Buffer.from(bytes.subarray(end));
  }
}

/** The place behind the last complete UTF-8 character; what follows are at most three bytes. */
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
