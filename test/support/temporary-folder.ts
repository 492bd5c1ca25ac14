import { mkdtempSync, realpathSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** Makes a folder for the suite whose `describe` calls this, and removes it after the suite's last test. */
export function temporaryFolder(): string {
  const folder = realpathSync(mkdtempSync(join(tmpdir(), 'folder-')));
  after(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}
