import { extname } from 'node:path';
import { type BytePath, readable } from './byte-path';
import type { FileFacts, Measurement } from './file-measurer';
import type { Entry } from './walk';

/** Sums over a set of files. */
export class Totals {
  files = 0;
  bytes = 0;
  lines = 0;
  words = 0;
  longestLine = 0;

  add(facts: FileFacts): void {
    this.files++;
    this.bytes += facts.bytes;
    this.lines += facts.lines;
    this.words += facts.words;
    this.longestLine = Math.max(this.longestLine, facts.longestLine);
  }
}

/** All files with the same bytes, usually just one. */
export class Content {
  readonly paths: BytePath[] = [];
  private readonly identities = new Set<string>();

  constructor(
    readonly sha256: string,
    /** The size of one copy. */
    readonly bytes: number,
  ) {}

  /** The number of copies; hard links are several paths to one copy. */
  get copies(): number {
    return this.identities.size;
  }

  /** The bytes that all copies but one take. */
  get wasted(): number {
    return this.bytes * (this.copies - 1);
  }

  add(path: BytePath, identity: string): void {
    this.paths.push(path);
    this.identities.add(identity);
  }
}

/** A reason for not counting a file, or a remark about one that is counted. */
export type Trouble =
  Exclude<Entry['kind'], 'file' | 'link'> | 'changed while read' | 'not UTF-8: binary' | 'not UTF-8: UTF-16' | 'not UTF-8: other';

/** The results of a census. */
export class Findings {
  readonly total = new Totals();
  /** By extension, in lower case; `''` for files without one. */
  readonly byType = new Map<string, Totals>();
  readonly contents = new Map<string, Content>();
  readonly troubles = new Map<Trouble, { path: BytePath; code?: string }[]>();
  /** The number of intact symbolic links; they were not followed. */
  links = 0;

  /** The contents with several copies, the most wasteful first. */
  get duplicates(): Content[] {
    return [...this.contents.values()].filter(({ wasted }) => wasted > 0).sort((a, b) => b.wasted - a.wasted);
  }

  largest(count: number): { path: BytePath; bytes: number }[] {
    return [...this.contents.values()]
      .sort((a, b) => b.bytes - a.bytes)
      .slice(0, count)
      .flatMap(({ paths, bytes }) => paths.map((path) => ({ path, bytes })))
      .slice(0, count);
  }

  addEntry({ path, kind, code }: Entry): void {
    if (kind === 'link') this.links++;
    else if (kind !== 'file') this.addTrouble(kind, path, code);
  }

  addFile(path: BytePath, measurement: Measurement): void {
    if ('failed' in measurement) {
      const { failed } = measurement;
      return this.addTrouble(failed === 'ENOENT' ? 'vanished' : 'unreadable', path, failed);
    }
    const type = readable(extname(path)).toLowerCase();
    const { sha256, bytes, encoding, identity, changed } = measurement;
    this.total.add(measurement);
    entry(this.byType, type, () => new Totals()).add(measurement);
    entry(this.contents, sha256, () => new Content(sha256, bytes)).add(path, identity);
    if (changed) this.addTrouble('changed while read', path);
    if (encoding !== 'UTF-8') this.addTrouble(`not UTF-8: ${encoding}`, path);
  }

  private addTrouble(trouble: Trouble, path: BytePath, code?: string): void {
    entry(this.troubles, trouble, () => []).push({ path, code });
  }
}

/** Returns the entry of a map, which is created on first use. */
function entry<Key, Value>(map: Map<Key, Value>, key: Key, make: () => Value): Value {
  const known = map.get(key);
  if (known !== undefined) return known;
  const made = make();
  map.set(key, made);
  return made;
}
