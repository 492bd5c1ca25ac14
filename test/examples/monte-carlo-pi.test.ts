import { join } from 'node:path';
import { expect } from 'chai';
import { output } from '../package/support/run';
import { rowsOf } from './table';

const ROOT = join(__dirname, '..', '..');

describe('example: monte-carlo-pi', () => {
  it('monte-carlo-pi - every pattern computes the same π and prints its time', async () => {
    const [, ...rows] = rowsOf(await output(ROOT, process.execPath, join(ROOT, 'examples/monte-carlo-pi/main.js'), '400000'));
    expect(rows.map(([way]) => way)).to.deep.equal(['one slave', 'parallel', 'pipeline', 'workpool', 'scatter']);
    const [[, pi]] = rows;
    expect(Number(pi)).to.be.closeTo(Math.PI, 0.01);
    for (const [, same, seconds, faster] of rows) {
      expect(same).to.equal(pi);
      expect([seconds, faster]).to.satisfy((times: string[]) => times.every((time) => /^\d+\.\d\d$/.test(time)));
    }
  });
});
