import { expect } from 'chai';
import type { SlaveHandle } from 'dist-io';
import { fixture } from '../support/fixture';
import { rejection } from '../support/rejection';
import { createTeam } from './support/team';

const TASKS = fixture('patterns/scatter-tasks.js');

describe('scatter: reduce', () => {
  const team = createTeam(TASKS, { group: 'workers' });
  const { master } = team;
  let slaves: SlaveHandle[];
  before(() => (slaves = [team.worker1, team.worker2, team.inline]));

  it('reduce - folds the values', async () => {
    const sum = await master
      .createScatter<number, number>('echo')
      .data(1, 2, 3, 4)
      .reduce((sum, value) => sum + value, 10, slaves);
    expect(sum).to.equal(20);
  });

  it("reduce - folds in the order of arrival, with each item's index", async () => {
    const folding = master
      .createScatter<string, string>('hold')
      .data('a', 'b', 'c')
      .reduce<string[]>((list, value, index) => [...list, `${value} ${index}`], [], slaves[0]);
    await slaves[0].exec('release');
    expect(await folding).to.deep.equal(['c 2', 'b 1', 'a 0']);
  });

  it('reduce - without items resolves the initial value', async () => {
    expect(await master.createScatter('echo').reduce(() => 'wrong', 'initial', slaves)).to.equal('initial');
  });

  it('reduce - sends only new items, to all slaves by default', async () => {
    const scatter = master.createScatter<number, number>('echo').data(1);
    await scatter.gather();
    expect(await scatter.data(2).reduce((sum, value) => sum + value, 0)).to.equal(2);
  });

  it('reduce - folds chunks', async () => {
    const parts = master.createScatter<number, number[]>('echo', { chunkSize: 2 }).data(1, 2, 3);
    expect(await parts.reduce((sum, part) => sum + part.length, 0, slaves)).to.equal(3);
  });

  it('reduce - rejects with the first error, stops folding and aborts running requests', async () => {
    const folded: number[] = [];
    const scatter = master.createScatter<number, number>('hold', { odd: 'fail' }).data(2, 1);
    const folding = scatter.reduce((_, value) => folded.push(value), 0, slaves[1]);
    expect(await rejection(folding))
      .to.be.an.instanceOf(RangeError)
      .with.property('message', '1 is odd');
    expect((await slaves[1].exec('aborted')).value).to.deep.equal([2]);
    expect(folded).to.deep.equal([]);
    expect(slaves[1].pending).to.equal(0);
  });

  it('reduce - rejects with the error of the fold and does not call it again', async () => {
    let calls = 0;
    const fold = (): number => {
      if (++calls === 2) throw new Error('cannot fold');
      return calls;
    };
    const folding = rejection(master.createScatter('hold').data(1, 2, 3, 4, 5).reduce(fold, 0, slaves[0]));
    // All are answered at once.
    await slaves[0].exec('release');
    expect(await folding).to.have.property('message', 'cannot fold');
    expect(calls).to.equal(2);
  });
});
