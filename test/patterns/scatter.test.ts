import { expect } from 'chai';
import type { SlaveHandle } from 'dist-io';
import { fixture } from '../support/fixture';
import { range } from '../support/range';
import { createTeam } from './support/team';

const TASKS = fixture('patterns/scatter-tasks.js');

describe('scatter: gather', () => {
  const team = createTeam(TASKS, { group: 'workers' });
  const { master } = team;
  let slaves: SlaveHandle[];
  before(() => (slaves = [team.worker1, team.worker2, team.inline]));

  describe('gather', () => {
    it('gather - sends items round robin, one exec each, and resolves the results in order', async () => {
      const responses = await master.createScatter('echo').data('a', 'b', 'c', 'd', 'e').gather('workers');
      expect(responses.values).to.deep.equal(['a', 'b', 'c', 'd', 'e']);
      expect(responses.map(({ from }) => from)).to.deep.equal([slaves[0].id, slaves[1].id, slaves[2].id, slaves[0].id, slaves[1].id]);
    });

    it('gather - results are in the order of the items, whichever slave answers first', async () => {
      const gathering = master.createScatter('hold').data(1, 2, 3, 4).gather(slaves[0], slaves[2]);
      await slaves[2].exec('release');
      await slaves[0].exec('release');
      expect((await gathering).values).to.deep.equal([1, 2, 3, 4]);
    });

    it('gather - accepts every kind of selector and uses each slave once', async () => {
      const responses = await master.createScatter('echo').data(1, 2, 3).gather('worker-1', [slaves[0]], slaves[0].id);
      expect(responses.map(({ from }) => from)).to.deep.equal([slaves[1].id, slaves[0].id, slaves[1].id]);
    });

    it('gather - uses all living slaves by default', async () => {
      const responses = await master.createScatter('echo').data(1, 2, 3).gather();
      expect(responses.map(({ from }) => from)).to.deep.equal(slaves.map(({ id }) => id));
    });

    it('gather - does not use an exiting slave by default', async () => {
      const leaving = master.createSlave(TASKS);
      const holding = leaving.exec('hold');
      await leaving.ready();
      const ended = leaving.exit();
      const responses = await master.createScatter('echo').data(1, 2, 3, 4).gather();
      await Promise.all([leaving.kill(), ended, holding]);
      expect(responses.map(({ from }) => from)).to.deep.equal([...slaves.map(({ id }) => id), slaves[0].id]);
    });

    it('gather - sends only items added since the last gather', async () => {
      const scatter = master.createScatter('echo').data(1, 2);
      const first = await scatter.gather(slaves);
      const nothing = await scatter.gather(slaves);
      const second = await scatter.data(3).data(4, 5).gather(slaves);
      expect([first.values, nothing.values, second.values]).to.deep.equal([[1, 2], [], [3, 4, 5]]);
    });

    it('gather - concurrent gathers share no item', async () => {
      const scatter = master.createScatter('echo').data(1, 2);
      const first = scatter.gather(slaves);
      const second = scatter.data(3).gather(slaves);
      expect([(await first).values, (await second).values]).to.deep.equal([[1, 2], [3]]);
    });

    it('gather - items may be any data, also arrays and objects that look like options', async () => {
      const items = [[1, 2], undefined, null, { timeout: '1ms' }, new Map([[1, 2]])];
      expect(
        (
          await master
            .createScatter('echo')
            .data(...items)
            .gather(slaves)
        ).values,
      ).to.deep.equal(items);
    });

    it('gather - sends 100,000 items', async () => {
      const scatter = master.createScatter('echo', { chunkSize: 7 });
      const items = range(100_000);
      scatter.data(...items.slice(0, 50_000)).data(...items.slice(50_000));
      expect((await scatter.gather(slaves)).values.flat()).to.deep.equal(items);
    });

    it('metadata - are sent without the options of scatter, and never changed', async () => {
      const metadata = Object.freeze({ user: 'Ann', chunk: true, timeout: '10s' });
      const { values } = await master.createScatter('metadata', metadata).data(1).gather('workers', { timeout: '5s' });
      expect(values).to.deep.equal([{ user: 'Ann' }]);
    });
  });

  describe('chunks', () => {
    const parts = async (
      count: number,
      metadata: { chunk?: boolean; chunkSize?: number },
      among = slaves.slice(0, 3),
    ): Promise<unknown[]> =>
      (
        await master
          .createScatter('echo', metadata)
          .data(...range(count))
          .gather(...among)
      ).values;

    it('chunk - sends one chunk per slave, of lengths that differ by at most one', async () => {
      expect(await parts(7, { chunk: true })).to.deep.equal([
        [0, 1, 2],
        [3, 4],
        [5, 6],
      ]);
      expect(await parts(6, { chunk: true })).to.deep.equal([
        [0, 1],
        [2, 3],
        [4, 5],
      ]);
      expect(await parts(6, { chunk: true }, [slaves[0]])).to.deep.equal([[0, 1, 2, 3, 4, 5]]);
    });

    it('chunk - sends no empty chunk', async () => {
      expect(await parts(2, { chunk: true })).to.deep.equal([[0], [1]]);
      expect(await parts(0, { chunk: true })).to.deep.equal([]);
    });

    it('chunkSize - sends chunks of that size, round robin', async () => {
      expect(await parts(7, { chunkSize: 2 })).to.deep.equal([[0, 1], [2, 3], [4, 5], [6]]);
      expect(await parts(2, { chunkSize: 5 })).to.deep.equal([[0, 1]]);
      expect(await parts(2, { chunkSize: 1 })).to.deep.equal([[0], [1]]);
    });
  });
});
