import { readdirSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'chai';
import { output, run } from '../package/support/run';
import { temporaryFolder } from '../support/temporary-folder';
import { rowsOf } from './table';

const ROOT = join(__dirname, '..', '..');
const EXAMPLE = join(ROOT, 'examples/log-search');
const MAIN = join(EXAMPLE, 'main.js');

const { writeLogs } = createRequire(__filename)(join(EXAMPLE, 'logs.js')) as {
  writeLogs: (folder: string, megabytes: number) => Promise<void>;
};

const lines = (text: string): string[] => text.split('\n').filter((line) => line !== '');

describe('example: log-search', () => {
  const folder = temporaryFolder();
  before(async () => {
    await writeLogs(folder, 4);
    writeFileSync(join(folder, 'without-an-end.log'), 'card declined\r\nno match\ncard declined');
    writeFileSync(join(folder, 'empty.log'), '');
  });

  const grep = async (...args: string[]): Promise<string[]> =>
    lines(await output(folder, 'grep', ...args, ...readdirSync(folder).map((name) => join(folder, name))));

  it('log-search - finds the lines that grep finds, with the same count per file', async () => {
    const { stdout, stderr, code } = await run(EXAMPLE, process.execPath, 'main.js', folder, '--text', 'card declined');
    expect(code).to.equal(0);
    const found = lines(stdout).sort();
    expect(found).to.have.length.above(50);
    expect(found).to.deep.equal((await grep('-nFH', 'card declined')).map((line) => line.replace(/\r$/, '')).sort());
    const [, ...counts] = rowsOf(stderr);
    expect(counts.map((cells) => cells.join(':')).sort()).to.deep.equal((await grep('-cFH', 'card declined')).sort());
  });

  it('log-search - stops at its limit, and its slaves close their files', async () => {
    const { stdout, stderr, code } = await run(ROOT, process.execPath, MAIN, folder, '--first', '5');
    expect(code).to.equal(0);
    expect(lines(stdout)).to.have.length(5);
    expect(await grep('-nFH', 'ERROR')).to.include.members(lines(stdout));
    expect(stderr).to.match(/^5 lines in 14 files by \d+ slaves in [\d.]+ seconds, 0 files still open$/m);
  });

  it('log-search - creates sample logs without a folder', async () => {
    const { stdout, code } = await run(ROOT, process.execPath, MAIN, '--megabytes', '1');
    rmSync(join(tmpdir(), 'dist-io-logs'), { recursive: true });
    expect(code).to.equal(0);
    expect(lines(stdout)).to.have.length.above(10);
  });

  it('log-search - a missing folder or a wrong number fails with a message', async () => {
    expect((await run(ROOT, process.execPath, MAIN, join(folder, 'nowhere'))).stderr).to.match(/^ENOENT: no such file or directory.*\n$/);
    const wrong = await run(ROOT, process.execPath, MAIN, folder, '--first', 'few');
    expect(wrong).to.deep.include({ code: 1, stderr: '--first must be a number above 0.\n' });
  });
});
