import fs from 'node:fs';

/** The functions of `fs` that the cache uses. */
export type RawFs = Pick<
  typeof fs,
  'closeSync' | 'fstatSync' | 'openSync' | 'readFile' | 'readFileSync' | 'readSync' | 'realpathSync' | 'statSync'
>;

/** Marks `fs` as wrapped, for every copy of this package in the process. */
export interface Wrapping {
  /** The unwrapped functions. */
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

/** `fs` without the cache. The wrapped one would call the cache again, endlessly. */
export function rawFs(): RawFs {
  return marked[KEY]?.disk ?? fs;
}
