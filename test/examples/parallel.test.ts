import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { brotliCompressSync, gzipSync } from 'node:zlib';
import { expect } from 'chai';
import { output, run } from '../package/support/run';
import { rowsOf } from './table';

const ROOT = join(__dirname, '..', '..');
const MAIN = join(ROOT, 'examples/parallel/main.js');

describe('example: parallel', () => {
  it('parallel - prints the facts about a file', async () => {
    const file = join(ROOT, 'package.json');
    const [, ...rows] = rowsOf(await output(ROOT, process.execPath, MAIN, file));
    const bytes = readFileSync(file);
    expect(rows.map(([task, value]) => [task, value])).to.deep.equal([
      ['gzipped', `${gzipSync(bytes).length}`],
      ['sha256', execFileSync('sha256sum', [file], { encoding: 'utf8' }).split(' ')[0]],
      ['lines', execFileSync('wc', ['-l', file], { encoding: 'utf8' }).split(' ')[0]],
      ['brotlied', `${brotliCompressSync(bytes).length}`],
    ]);
  });

  it('parallel - a missing file fails with a message', async () => {
    const { code, stderr } = await run(ROOT, process.execPath, MAIN, 'nothing here');
    expect(code).to.equal(1);
    expect(stderr).to.match(/^ENOENT: no such file or directory/);
  });
});
