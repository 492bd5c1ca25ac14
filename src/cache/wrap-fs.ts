import fs from 'node:fs';
import { syncBuiltinESMExports } from 'node:module';
import { type RawFs, setWrapping, wrapping } from './raw-fs';
import type { CachedReads } from './cached-reads';
import { readFile, readFilePromise, readFileSync } from './fs-reads';
import { close, closeSync, open, openPromise, openSync, write, writePromise, WRITES, writeSync } from './fs-writes';
import { OpenFiles } from './open-files';
import { type Methods, PatchedMethod, type Replacement } from './patched-method';

/** Does nothing when `fs` is wrapped already, also by another copy of this package. */
export function wrapFS(cache: CachedReads): void {
  if (wrapping() !== undefined) return;
  const { closeSync, fstatSync, openSync, readFile, readFileSync, readSync, realpathSync, statSync } = fs;
  const disk: RawFs = { closeSync, fstatSync, openSync, readFile, readFileSync, readSync, realpathSync, statSync };
  const files = new OpenFiles(cache);
  let isOn = true;
  const isCurrent = () => isOn;
  // Another wrapper of `fs` may hold a write function of an earlier wrapping: its changes must drop files from this one too.
  const isWrapped = () => wrapping() !== undefined;
  const patched = [
    ...reads(cache).map((read) => new PatchedMethod(read, isCurrent)),
    ...writes(cache).map((write) => new PatchedMethod(write, isWrapped)),
    ...handles(cache, files).map((handle) => new PatchedMethod(handle, isCurrent)),
  ];
  setWrapping({
    disk,
    unwrap: () => {
      isOn = false;
      files.clear();
      for (const method of patched) method.undo();
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

const plain = fs as unknown as Methods;
const promises = fs.promises as unknown as Methods;

function reads(cache: CachedReads): Replacement[] {
  return [
    { target: plain, name: 'readFileSync', wrap: (original) => readFileSync(cache, original) },
    { target: plain, name: 'readFile', wrap: (original) => readFile(cache, original) },
    { target: promises, name: 'readFile', wrap: (original) => readFilePromise(cache, original) },
  ];
}

function writes(cache: CachedReads): Replacement[] {
  return Object.entries(WRITES).flatMap(([name, named]): Replacement[] => [
    { target: plain, name: `${name}Sync`, wrap: (original) => writeSync(cache, named, original) },
    { target: plain, name, wrap: (original) => write(cache, named, original) },
    { target: promises, name, wrap: (original) => writePromise(cache, named, original) },
  ]);
}

/** Opening and closing, which cover writes to open files. */
function handles(cache: CachedReads, files: OpenFiles): Replacement[] {
  return [
    { target: plain, name: 'openSync', wrap: (original) => openSync(cache, files, original) },
    { target: plain, name: 'open', wrap: (original) => open(cache, files, original) },
    { target: promises, name: 'open', wrap: (original) => openPromise(cache, files, original) },
    { target: plain, name: 'closeSync', wrap: (original) => closeSync(files, original) },
    { target: plain, name: 'close', wrap: (original) => close(files, original) },
  ];
}
