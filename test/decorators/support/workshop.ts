import { mkdirSync, mkdtempSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { Master, type PurgeReport, type SlaveHandle, type SlaveOptions } from 'dist-io';
import { type Compiler, COMPILERS, type Dialect } from './compilers';

const CHECKOUT = resolve(__dirname, '..', '..', '..');

/** Makes slaves of TypeScript that stands in the test, so that a slave and what is expected of it are read together. */
export class Workshop {
  private readonly master = new Master();
  private folder: string | undefined;
  private count = 0;

  /** A slave of this text, which finds all public names imported. */
  slave(text: string, { compiler = 'tsc', dialect = 'legacy', ...options }: WorkshopOptions = {}): SlaveHandle {
    const folder = join((this.folder ??= createFolder()), String(this.count++));
    mkdirSync(folder);
    const [file, needed] = COMPILERS[compiler](folder, `${IMPORTS}\n${text}`, dialect);
    return this.master.createSlave(file, { stderr: 'ignore', ...needed, ...options });
  }

  /** Lets a slave forget what it remembers. */
  purge(slave: SlaveHandle): Promise<PurgeReport> {
    return this.master.purgeCache().in(slave);
  }

  /** Ends its slaves and puts everything away. */
  async close(): Promise<void> {
    await this.master.exit();
    if (this.folder !== undefined) rmSync(this.folder, { recursive: true });
  }
}

export interface WorkshopOptions extends SlaveOptions {
  compiler?: Compiler;
  dialect?: Dialect;
}

function createFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'decorators-'));
  mkdirSync(join(folder, 'node_modules'));
  symlinkSync(CHECKOUT, join(folder, 'node_modules', 'dist-io'));
  return folder;
}

const IMPORTS = `import { bootstrap, type Done, Slave, Task, type TaskContext } from 'dist-io';`;
