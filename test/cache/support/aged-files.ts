import { mkdirSync, statSync, utimesSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { temporaryFolder } from '../../support/temporary-folder';

/** A folder of files in which a cache can tell the next write from the last. */
export interface AgedFiles {
  readonly folder: string;
  path(name: string): string;
}

/** In seconds. */
const WRITTEN = 1_600_000_000;

/** In ms: what a cache takes for the coarsest clock of a file system. */
const TICK = 2000;

/** For the tests of one `describe`: makes the files before them, and takes the folder away afterwards. */
export function agedFiles(contents: Readonly<Record<string, string | Buffer>>): AgedFiles {
  const folder = temporaryFolder();
  before(async () => {
    for (const [name, content] of Object.entries(contents)) {
      mkdirSync(dirname(join(folder, name)), { recursive: true });
      writeFileSync(join(folder, name), content);
      // A time that can be put back to the nanosecond.
      utimesSync(join(folder, name), WRITTEN, WRITTEN);
    }
    await settle(...Object.keys(contents).map((name) => join(folder, name)));
  });
  return { folder, path: (name) => join(folder, name) };
}

/** Waits for the only thing that makes a file old. */
export async function settle(...files: string[]): Promise<void> {
  const last = Math.max(...files.map((file) => statSync(file).ctimeMs));
  while (Date.now() - last <= TICK + 50) await pause(last + TICK + 60 - Date.now());
}
