import { mkdirSync, symlinkSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { Master, type PurgeReport, type SlaveHandle, type SlaveOptions } from 'dist-io';
import { temporaryFolder } from '../../support/temporary-folder';
import { type Compiler, COMPILERS, type Dialect } from './compilers';

const CHECKOUT = resolve(__dirname, '..', '..', '..');

/** Makes slaves of TypeScript source in the test, so that a slave and its expectations are read together. Made in `describe`. */
export class Workshop {
  private readonly master = new Master();
  private readonly folder = createFolder();
  private count = 0;

  /** A slave of this source, with all public names imported. */
  slave(text: string, { compiler = 'tsc', dialect = 'legacy', ...options }: WorkshopOptions = {}): SlaveHandle {
    const folder = join(this.folder, String(this.count++));
    mkdirSync(folder);
    const [file, needed] = COMPILERS[compiler](folder, `${IMPORTS}\n${text}`, dialect);
    return this.master.createSlave(file, { stderr: 'ignore', ...needed, ...options });
  }

  /** Lets a slave forget what it remembers. */
  purge(slave: SlaveHandle): Promise<PurgeReport> {
    return this.master.purgeCache().in(slave);
  }

  /** Ends its slaves. */
  async close(): Promise<void> {
    await this.master.exit();
  }
}

export interface WorkshopOptions extends SlaveOptions {
  compiler?: Compiler;
  dialect?: Dialect;
}

function createFolder(): string {
  const folder = temporaryFolder();
  mkdirSync(join(folder, 'node_modules'));
  symlinkSync(CHECKOUT, join(folder, 'node_modules', 'dist-io'));
  return folder;
}

const IMPORTS = `import { bootstrap, type Done, Slave, Task, type TaskContext } from 'dist-io';`;
