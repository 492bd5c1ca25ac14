import { expect } from 'chai';
import { Master } from 'dist-io';
import { fixture } from '../support/fixture';

describe('scatter: slaves that are exiting', () => {
  const master = new Master({ runtime: 'inline' });
  after(() => master.exit({ pending: 'abort' }));

  it('gather - deals nothing to a slave of a group that is exiting', async () => {
    const [first, second] = master.createSlaves(2, fixture('patterns/scatter-tasks.js'), { group: 'exiting' });
    const exiting = first.exit();
    const responses = await master.createScatter('echo').data(1, 2, 3).gather('exiting');
    expect(responses.map(({ from }) => from)).to.deep.equal([second.id, second.id, second.id]);
    await exiting;
  });
});
