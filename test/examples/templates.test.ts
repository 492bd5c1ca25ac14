import { join } from 'node:path';
import { expect } from 'chai';
import { output } from '../package/support/run';
import { rowsOf } from './table';

const ROOT = join(__dirname, '..', '..');
const MAIN = join(ROOT, 'examples/templates/main.js');

describe('example: templates', () => {
  it('templates - renders the same pages each way and reads each template once per slave', async () => {
    const printed = await output(ROOT, process.execPath, MAIN, '50');
    const [, ...rows] = rowsOf(printed);
    expect(rows.map(([name]) => name)).to.deep.equal(['fs', 'cache', 'cache, without a look at the disk']);
    const slaves = Number(/(\d+) slaves/.exec(printed)?.[1]);
    // A layout, an invoice and ten lines.
    const reads = 50 * 12;
    expect(rows.map((row) => row.slice(-2).map(Number))).to.deep.equal([
      [0, 0],
      [reads - 3 * slaves, 3 * slaves],
      [reads - 3 * slaves, 3 * slaves],
    ]);
    expect(rows[0][2]).to.equal('1.0');
    expect(printed).to.contain('50 pages, the same in each row');
  });
});
