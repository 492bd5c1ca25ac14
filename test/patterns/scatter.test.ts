import { getEventListeners, once } from 'node:events';
import { expect } from 'chai';
import { AbortError, Master, NoSlaveError, SlaveDiedError, type SlaveGroup, TimeoutError, UnknownSlaveError } from 'dist-io';
import { fixture } from '../support/fixture';

const TASKS = fixture('patterns/scatter-tasks.js');

describe('scatter', () => {
  const master = new Master({ runtime: 'thread' });
  let slaves: SlaveGroup;
  let ids: number[];
  before(() => {
    slaves = master.createSlaves(2, TASKS, { group: 'workers', alias: 'worker' });
    slaves.push(master.createSlave(TASKS, { group: 'workers', runtime: 'inline' }));
    ids = slaves.map(({ id }) => id);
  });
  after(() => master.exit({ pending: 'abort' }));

  const failure = (promise: Promise<unknown>): Promise<unknown> =>
    promise.then(
      () => expect.fail('It should have rejected.'),
      (error: unknown) => error,
    );

  describe('gather', () => {
    it('gather - deals the items out in turn, one exec each, and has the results in their order', async () => {
      const responses = await master.createScatter('echo').data('a', 'b', 'c', 'd', 'e').gather('workers');
      expect(responses.values).to.deep.equal(['a', 'b', 'c', 'd', 'e']);
      expect(responses.map(({ from }) => from)).to.deep.equal([ids[0], ids[1], ids[2], ids[0], ids[1]]);
    });

    it('gather - whoever answers first, the order is that of the items', async () => {
      const gathering = master.createScatter('hold').data(1, 2, 3, 4).gather(slaves[0], slaves[2]);
      await slaves[2].exec('release');
      await slaves[0].exec('release');
      expect((await gathering).values).to.deep.equal([1, 2, 3, 4]);
    });

    it('gather - takes every kind of selector, each slave once', async () => {
      const responses = await master.createScatter('echo').data(1, 2, 3).gather('worker-1', [slaves[0]], ids[0]);
      expect(responses.map(({ from }) => from)).to.deep.equal([ids[1], ids[0], ids[1]]);
    });

    it('gather - without a selector, all living slaves take part', async () => {
      const responses = await master.createScatter('echo').data(1, 2, 3).gather();
      expect(responses.map(({ from }) => from)).to.deep.equal(ids);
    });

    it('gather - without a selector, a slave that is on its way out takes no part', async () => {
      const leaving = master.createSlave(TASKS);
      const holding = leaving.exec('hold');
      await leaving.ready();
      const ended = leaving.exit();
      const responses = await master.createScatter('echo').data(1, 2, 3, 4).gather();
      await Promise.all([leaving.kill(), ended, holding]);
      expect(responses.map(({ from }) => from)).to.deep.equal([...ids, ids[0]]);
    });

    it('gather - sends what is new since the last time', async () => {
      const scatter = master.createScatter('echo').data(1, 2);
      const first = await scatter.gather(slaves);
      const nothing = await scatter.gather(slaves);
      const second = await scatter.data(3).data(4, 5).gather(slaves);
      expect([first.values, nothing.values, second.values]).to.deep.equal([[1, 2], [], [3, 4, 5]]);
    });

    it('gather - two at a time share no item', async () => {
      const scatter = master.createScatter('echo').data(1, 2);
      const first = scatter.gather(slaves);
      const second = scatter.data(3).gather(slaves);
      expect([(await first).values, (await second).values]).to.deep.equal([[1, 2], [3]]);
    });

    it('gather - items may be anything that travels, arrays and what looks like options included', async () => {
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

    it('gather - a hundred thousand items', async () => {
      const scatter = master.createScatter('echo', { chunkSize: 7 });
      const items = Array.from({ length: 100_000 }, (_, i) => i);
      scatter.data(...items.slice(0, 50_000)).data(...items.slice(50_000));
      expect((await scatter.gather(slaves)).values.flat()).to.deep.equal(items);
    });

    it('metadata - travel, without what is for the scatter, and are never changed', async () => {
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
          .data(...Array.from({ length: count }, (_, i) => i))
          .gather(...among)
      ).values;

    it('chunk - as many even parts as slaves', async () => {
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

    it('chunk - no part is empty', async () => {
      expect(await parts(2, { chunk: true })).to.deep.equal([[0], [1]]);
      expect(await parts(0, { chunk: true })).to.deep.equal([]);
    });

    it('chunkSize - parts of so many, in turn', async () => {
      expect(await parts(7, { chunkSize: 2 })).to.deep.equal([[0, 1], [2, 3], [4, 5], [6]]);
      expect(await parts(2, { chunkSize: 5 })).to.deep.equal([[0, 1]]);
      expect(await parts(2, { chunkSize: 1 })).to.deep.equal([[0], [1]]);
    });
  });

  describe('reduce', () => {
    it('reduce - folds the values', async () => {
      const sum = await master
        .createScatter<number, number>('echo')
        .data(1, 2, 3, 4)
        .reduce((sum, value) => sum + value, 10, slaves);
      expect(sum).to.equal(20);
    });

    it('reduce - in the order in which they come in, with the place of each', async () => {
      const folding = master
        .createScatter<string, string>('hold')
        .data('a', 'b', 'c')
        .reduce<string[]>((list, value, index) => [...list, `${value} ${index}`], [], slaves[0]);
      await slaves[0].exec('release');
      expect(await folding).to.deep.equal(['c 2', 'b 1', 'a 0']);
    });

    it('reduce - of nothing is the initial value', async () => {
      expect(await master.createScatter('echo').reduce(() => 'wrong', 'initial', slaves)).to.equal('initial');
    });

    it('reduce - sends what is new, without a selector to all', async () => {
      const scatter = master.createScatter<number, number>('echo').data(1);
      await scatter.gather();
      expect(await scatter.data(2).reduce((sum, value) => sum + value, 0)).to.equal(2);
    });

    it('reduce - folds chunks', async () => {
      const parts = master.createScatter<number, number[]>('echo', { chunkSize: 2 }).data(1, 2, 3);
      expect(await parts.reduce((sum, part) => sum + part.length, 0, slaves)).to.equal(3);
    });

    it('reduce - rejects with the first error, folds nothing after it, and aborts what still runs', async () => {
      const folded: number[] = [];
      const scatter = master.createScatter<number, number>('hold', { odd: 'fail' }).data(2, 1);
      const folding = scatter.reduce((_, value) => folded.push(value), 0, slaves[1]);
      expect(await failure(folding))
        .to.be.an.instanceOf(RangeError)
        .with.property('message', '1 is odd');
      expect((await slaves[1].exec('aborted')).value).to.deep.equal([2]);
      expect(folded).to.deep.equal([]);
      expect(slaves[1].pending).to.equal(0);
    });

    it('reduce - rejects with what the fold throws, and calls it no more', async () => {
      let calls = 0;
      const fold = (): number => {
        if (++calls === 2) throw new Error('cannot fold');
        return calls;
      };
      const folding = failure(master.createScatter('hold').data(1, 2, 3, 4, 5).reduce(fold, 0, slaves[0]));
      // All are answered at once.
      await slaves[0].exec('release');
      expect(await folding).to.have.property('message', 'cannot fold');
      expect(calls).to.equal(2);
    });
  });

  describe('what goes wrong', () => {
    it('error - is at the place of its item, and that counts as sent', async () => {
      const scatter = master.createScatter('even').data(0, 1, 2);
      const responses = await scatter.gather(slaves);
      expect(responses.map(({ ok }) => ok)).to.deep.equal([true, false, true]);
      expect(responses.errors[0]).to.be.an.instanceOf(RangeError).with.property('message', '1 is odd');
      expect([...(await scatter.gather(slaves))]).to.deep.equal([]);
    });

    it('rejectOnError - rejects', async () => {
      const gathering = master.createScatter('even', { rejectOnError: true }).data(0, 1, 2).gather(slaves);
      expect(await failure(gathering)).to.be.an.instanceOf(RangeError);
    });

    it('unknown slave, no slave - reject, and the items wait', async () => {
      const scatter = master.createScatter('echo').data(1, 2);
      expect(await failure(scatter.gather(slaves, 'nobody'))).to.be.an.instanceOf(UnknownSlaveError);
      expect(await failure(scatter.gather([])))
        .to.be.an.instanceOf(NoSlaveError)
        .with.property('task', 'echo');
      expect(await failure(new Master().createScatter('echo').gather())).to.be.an.instanceOf(NoSlaveError);
      expect((await scatter.gather(slaves)).values).to.deep.equal([1, 2]);
    });

    it('death - costs what was dealt to the dead', async () => {
      const mortal = master.createSlave(TASKS);
      const responses = await master.createScatter('die at 0').data(0, 1, 2, 3).gather(mortal, slaves[0]);
      expect(responses.map(({ error }) => error?.constructor)).to.deep.equal([SlaveDiedError, undefined, SlaveDiedError, undefined]);
      const folding = master.createScatter<number, number>('echo').data(1, 2).reduce(Math.max, 0, mortal, slaves[0]);
      expect(await failure(folding)).to.be.an.instanceOf(SlaveDiedError);
    });

    it('arguments - of a wrong type throw at once', () => {
      const wrong = (value: unknown): never => value as never;
      for (const task of [1, '', undefined]) expect(() => master.createScatter(wrong(task))).to.throw(TypeError);
      for (const chunkSize of [0, -1, 1.5, '2', Infinity])
        expect(() => master.createScatter('echo', { chunkSize: wrong(chunkSize) })).to.throw(TypeError);
      expect(() => master.createScatter('echo', { chunk: wrong(1) })).to.throw(TypeError);
      expect(() => master.createScatter('echo', { chunk: true, chunkSize: 2 })).to.throw(TypeError, 'exclude each other');
      expect(() => master.createScatter('echo', { timeout: 'soon' })).to.throw(TypeError);
      expect(() => master.createScatter('echo').reduce(wrong(undefined), 0)).to.throw(TypeError);
      expect(() => master.createScatter('echo').gather(slaves, { timeout: 'soon' })).to.throw(TypeError);
      expect(() => master.createScatter('echo').gather(slaves, wrong({ chunk: true }))).to.throw(TypeError, `There is no option 'chunk'`);
    });

    it('arguments - nothing at all is no selector', async () => {
      for (const selector of [null, undefined] as never[])
        expect(await failure(master.createScatter('echo').data(1).gather(selector)))
          .to.be.an.instanceOf(TypeError)
          .with.property('message')
          .that.contains('A selector is');
    });
  });

  describe('the whole', () => {
    it('signal - ends everything that has no response yet', async () => {
      const controller = new AbortController();
      const gathering = master
        .createScatter('hold', { odd: 'fail' })
        .data(1, 2)
        .gather(slaves[0], slaves[1], { signal: controller.signal });
      await once(slaves[0], 'response');
      controller.abort('enough');
      const [failed, aborted] = await gathering;
      expect(failed.error).to.be.an.instanceOf(RangeError);
      expect(aborted.error).to.be.an.instanceOf(AbortError).with.property('reason', 'enough');
      expect(getEventListeners(controller.signal, 'abort')).to.deep.equal([]);
    });

    it('signal - ends a reduce with its error', async () => {
      const controller = new AbortController();
      const folding = master
        .createScatter('deaf')
        .data(1, 2)
        .reduce(() => 0, 0, slaves[2], { signal: controller.signal });
      controller.abort('enough');
      expect(await failure(folding))
        .to.be.an.instanceOf(AbortError)
        .with.property('reason', 'enough');
      expect(getEventListeners(controller.signal, 'abort')).to.deep.equal([]);
    });

    it('timeout - is a deadline for everything', async () => {
      const responses = await master.createScatter('deaf', { timeout: '1h' }).data(1, 2, 3).gather(slaves, { timeout: 20 });
      expect(responses.map(({ error }) => error?.constructor)).to.deep.equal([TimeoutError, TimeoutError, TimeoutError]);
      const own = await master.createScatter('deaf', { timeout: 5 }).data(1).gather(slaves, { timeout: '1h' });
      expect(own[0].error).to.have.property('timeout', 5);
    });
  });
});
