import { extname } from 'node:path';
import { type BytePath, readable } from './byte-path';
import type { FileFacts, Measurement } from './file-measurer';
import type { Entry } from './walk';

/** Sums over some of the files. */
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

/** Files with the same bytes; most often just one. */
export class Content {
  readonly paths: BytePath[] = [];
  private readonly identities = new Set<string>();

  constructor(
    readonly sha256: string,
    /** Of each of them. */
    readonly bytes: number,
  ) {}

  /** Hard links are several paths and one copy. */
  get copies(): number {
    return this.identities.size;
  }

  /** How many bytes would be saved if there were only one copy. */
  get wasted(): number {
    return this.bytes * (this.copies - 1);
  }

  add(path: BytePath, identity: string): void {
    this.paths.push(path);
    this.identities.add(identity);
  }
}

/** What keeps a file from being counted, or is worth knowing about one that is. */
export type Trouble =
  Exclude<Entry['kind'], 'file' | 'link'> | 'changed while read' | 'not UTF-8: binary' | 'not UTF-8: UTF-16' | 'not UTF-8: other';

/** What a census finds out. */
export class Findings {
  readonly total = new Totals();
  /** By extension, in lower case; `''` for files that have none. */
  readonly byType = new Map<string, Totals>();
  readonly contents = new Map<string, Content>();
  readonly troubles = new Map<Trouble, { path: BytePath; code?: string }[]>();
  /** How many symbolic links lead somewhere; they were not followed. */
  links = 0;

  /** The contents that waste something, the most wasteful first. */
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

/** The entry of a map, which is made when it is first asked for. */
function entry<Key, Value>(map: Map<Key, Value>, key: Key, make: () => Value): Value {
  const known = map.get(key);
  if (known !== undefined) return known;
  const made = make();
  map.set(key, made);
  return made;
}
