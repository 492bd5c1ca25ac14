import { createHash } from 'node:crypto';
import { Task } from 'dist-io';
import type { BytePath } from './byte-path';
import { type Encoding, EncodingProbe } from './encoding-probe';
import { readFile } from './read-file';
import { TextCounter } from './text-counter';

/** The facts about a file; {@link TextCounter} defines lines, words and the longest line. */
export interface FileFacts {
  bytes: number;
  lines: number;
  words: number;
  longestLine: number;
  sha256: string;
  encoding: Encoding;
  /** Two names with the same identity are hard links to one file. */
  identity: string;
  /** Whether the file grew or shrank while it was read; the other facts are about the bytes that were read. */
  changed: boolean;
}

/** The facts about a file, or the code of the error that kept it from being read. */
export type Measurement = FileFacts | { failed: string };

/** The slave: reads files and measures them. dist-io finds the class because this file exports it. */
export class FileMeasurer {
  private readonly buffer = Buffer.allocUnsafe(1024 * 1024);

  /** Measures many files in one request, since most files are so small that the request takes longer than the file. */
  @Task('measure files')
  measure(paths: readonly BytePath[]): Measurement[] {
    return paths.map((path) => {
      try {
        return this.measureOne(path);
      } catch (error) {
        return { failed: (error as NodeJS.ErrnoException).code ?? String(error) };
      }
    });
  }

  private measureOne(path: BytePath): FileFacts {
    const text = new TextCounter();
    const probe = new EncodingProbe();
    const hash = createHash('sha256');
    let bytes = 0;
    const { size, dev, ino } = readFile(path, this.buffer, (chunk) => {
      bytes += chunk.length;
      text.add(chunk);
      probe.add(chunk);
      hash.update(chunk);
    });
    const { lines, words, longestLine } = text;
    const { encoding } = probe;
    const sha256 = hash.digest('hex');
    return { bytes, lines, words, longestLine, sha256, encoding, identity: `${dev}:${ino}`, changed: bytes !== size };
  }
}
