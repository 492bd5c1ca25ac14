import { execFileSync } from 'node:child_process';
import { cpSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'chai';
import { output, run } from '../package/support/run';
import { temporaryFolder } from '../support/temporary-folder';
import { rowsOf } from './table';

const ROOT = join(__dirname, '..', '..');
const MAIN = join(ROOT, 'examples/word-count/main.js');

describe('example: word-count', () => {
  const folder = temporaryFolder();
  before(() => {
    mkdirSync(join(folder, 'deeper/still'), { recursive: true });
    for (const name of ['README.md', 'CONTRIBUTING.md', 'CHANGELOG.md']) cpSync(join(ROOT, name), join(folder, 'deeper', name));
    for (let i = 0; i < 30; i++) writeFileSync(join(folder, 'deeper/still', `${i}.md`), 'The end.\nΤΕΛΟΣ, the END; naïve – 42 ends');
    writeFileSync(join(folder, 'empty.md'), '');
    writeFileSync(join(folder, 'no-text.txt'), 'not counted');
  });

  /** By other means: all words of all texts, one a line. */
  const words = (): string[] => {
    const options = ['-rohP', '--include=*.md', '\\p{L}+', folder];
    return execFileSync('grep', options, { encoding: 'utf8', env: { ...process.env, LC_ALL: 'C.UTF-8' }, maxBuffer: 2 ** 26 })
      .split('\n')
      .slice(0, -1);
  };

  it('word-count - counts the words as grep does', async () => {
    const printed = await output(ROOT, process.execPath, MAIN, folder, '25');
    const [, ...rows] = rowsOf(printed);
    const expected = new Map<string, number>();
    for (const word of words()) expected.set(word.toLowerCase(), (expected.get(word.toLowerCase()) ?? 0) + 1);
    expect(rows).to.have.length(25);
    for (const [word, times] of rows) expect(Number(times), word).to.equal(expected.get(word));
    const counts = [...expected.values()].sort((a, b) => b - a);
    expect(rows.map(([, times]) => Number(times))).to.deep.equal(counts.slice(0, 25));
    expect(rows.map(([word]) => word)).to.include('the');
    expect(printed).to.contain(`34 files, ${words().length} words, ${expected.size} different ones;`);
  });

  it('word-count - draws the longest bar for the most frequent word', async () => {
    const [, ...rows] = rowsOf(await output(ROOT, process.execPath, MAIN, folder, '5'));
    const lengths = rows.map(([, , bar]) => bar.length);
    expect(lengths).to.deep.equal([...lengths].sort((a, b) => b - a));
    expect(lengths[0]).to.equal(40);
  });

  it('word-count - a missing folder fails with a message', async () => {
    const { code, stderr } = await run(ROOT, process.execPath, MAIN, join(folder, 'nowhere'));
    expect(code).to.equal(1);
    expect(stderr).to.match(/^ENOENT: no such file or directory/);
  });
});
