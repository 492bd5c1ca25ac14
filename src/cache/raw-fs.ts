import fs from 'node:fs';

/** What the cache needs of `fs`. */
export type RawFs = Pick<
  typeof fs,
  'closeSync' | 'fstatSync' | 'openSync' | 'readFile' | 'readFileSync' | 'readSync' | 'realpathSync' | 'statSync'
>;

/** What marks `fs` as wrapped, for every copy of this package in the process. */
export interface Wrapping {
  /** As it was before. */
  disk: RawFs;
  unwrap(): void;
}

const KEY = Symbol.for('dist-io.cache.fs');

const marked = fs as typeof fs & { [KEY]?: Wrapping };

export function wrapping(): Wrapping | undefined {
  return marked[KEY];
}

export function setWrapping(wrapping: Wrapping | undefined): void {
  Object.defineProperty(fs, KEY, { value: wrapping, configurable: true });
}

/** `fs` without the cache in it: whoever asked that for a file would come back here, and never end. */
export function rawFs(): RawFs {
  return marked[KEY]?.disk ?? fs;
}
