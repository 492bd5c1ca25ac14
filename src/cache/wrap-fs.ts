import fs from 'node:fs';
import { syncBuiltinESMExports } from 'node:module';
import { type Disk, setWrapping, wrapping } from './disk';
import type { CachedReads } from './cached-reads';
import { readFile, readFilePromise, readFileSync } from './fs-reads';
import { close, closeSync, open, openPromise, openSync, write, writePromise, WRITES, writeSync } from './fs-writes';
import { OpenFiles } from './open-files';
import { type Method, type Methods, Replaced } from './replaced';

/** Does nothing when `fs` is wrapped, be it by another copy of this package. */
export function wrapFS(cache: CachedReads): void {
  if (wrapping() !== undefined) return;
  const { closeSync, fstatSync, openSync, readFile, readFileSync, readSync, realpathSync, statSync } = fs;
  const disk: Disk = { closeSync, fstatSync, openSync, readFile, readFileSync, readSync, realpathSync, statSync };
  const files = new OpenFiles(cache);
  let isOn = true;
  const replaced = replacements(cache, files).map(({ target, name, wrap }) => new Replaced(target, name, () => isOn, wrap));
  setWrapping({
    disk,
    unwrap: () => {
      isOn = false;
      files.clear();
      for (const one of replaced) one.undo();
      syncBuiltinESMExports();
    },
  });
  syncBuiltinESMExports();
}

/** Does nothing when `fs` is not wrapped. */
export function unwrapFS(): void {
  const current = wrapping();
  setWrapping(undefined);
  current?.unwrap();
}

interface Replacement {
  target: Methods;
  name: string;
  wrap: (original: Method) => Method;
}

function replacements(cache: CachedReads, files: OpenFiles): Replacement[] {
  const plain = fs as unknown as Methods;
  const promises = fs.promises as unknown as Methods;
  return [
    { target: plain, name: 'readFileSync', wrap: (original) => readFileSync(cache, original) },
    { target: plain, name: 'readFile', wrap: (original) => readFile(cache, original) },
    { target: promises, name: 'readFile', wrap: (original) => readFilePromise(cache, original) },
    ...Object.entries(WRITES).flatMap(([name, named]): Replacement[] => [
      { target: plain, name: `${name}Sync`, wrap: (original) => writeSync(cache, named, original) },
      { target: plain, name, wrap: (original) => write(cache, named, original) },
      { target: promises, name, wrap: (original) => writePromise(cache, named, original) },
    ]),
    { target: plain, name: 'openSync', wrap: (original) => openSync(cache, files, original) },
    { target: plain, name: 'open', wrap: (original) => open(cache, files, original) },
    { target: promises, name: 'open', wrap: (original) => openPromise(cache, files, original) },
    { target: plain, name: 'closeSync', wrap: (original) => closeSync(files, original) },
    { target: plain, name: 'close', wrap: (original) => close(files, original) },
  ];
}
