import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { expect } from 'chai';
import { output } from '../package/support/run';
import { temporaryFolder } from '../support/temporary-folder';
import { rowsOf } from './table';

const EXAMPLE = join(__dirname, '..', '..', 'examples/duplex');

const { reading } = createRequire(__filename)(join(EXAMPLE, 'readings.js')) as {
  reading: (n: number) => { time: string; sensor: string; fahrenheit: number };
};

describe('example: duplex', () => {
  const count = 30_000;
  const folder = temporaryFolder();
  let printed: string;
  before(async () => {
    printed = await output(EXAMPLE, process.execPath, 'main.js', `${count}`, folder);
  });

  it('duplex - converts every reading once, in order', () => {
    const lines = gunzipSync(readFileSync(join(folder, 'readings.ndjson.gz')))
      .toString()
      .split('\n')
      .slice(0, -1);
    expect(lines).to.have.length(count);
    for (const [n, line] of lines.entries()) {
      const { fahrenheit, ...same } = reading(n);
      const { celsius, ...others } = JSON.parse(line) as { celsius: number };
      expect(others).to.deep.equal(same);
      expect(celsius).to.be.closeTo(((fahrenheit - 32) * 5) / 9, 0.051);
    }
  });

  it('duplex - prints the memory of both processes ten times', () => {
    const [head, ...rows] = rowsOf(printed);
    expect(head).to.deep.equal(['read', 'master', 'converter', 'zipper']);
    expect(rows.map(([read]) => read)).to.deep.equal(Array.from({ length: 10 }, (_, i) => `${10 * (i + 1)} %`));
    for (const [, ...megabytes] of rows) expect(megabytes.every((text) => Number(text) > 10)).to.equal(true);
    expect(printed).to.match(/^\d+ MB in [\d.]+ seconds$/m);
  });
});
