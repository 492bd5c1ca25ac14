import { Readable } from 'node:stream';
import { expect } from 'chai';
import { Master, type SlaveHandle } from 'dist-io';
import { alwaysRetry } from '../support/always-retry';
import { collect } from '../support/collect';
import { fixture } from '../support/fixture';
import { started } from './support/held-jobs';

const TASKS = fixture('patterns/workpool-tasks.js');

describe('workpool.map', () => {
  let master: Master;
  let worker1: SlaveHandle, worker2: SlaveHandle;
  beforeEach(() => {
    master = new Master({ runtime: 'inline' });
    [worker1, worker2] = master.createSlaves(2, TASKS);
  });
  afterEach(() => master.exit({ pending: 'abort' }));

  const sources: Record<string, () => Iterable<unknown> | AsyncIterable<unknown>> = {
    array: () => [1, 2, 3, 4, 5, 6, 7],
    set: () => new Set([1, 2, 3, 4, 5, 6, 7]),
    generator: function* () {
      for (let i = 1; i <= 7; i++) yield i;
    },
    'async generator': async function* () {
      for (let i = 1; i <= 7; i++) yield await Promise.resolve(i);
    },
    stream: () => Readable.from([1, 2, 3, 4, 5, 6, 7]),
  };
  for (const [name, source] of Object.entries(sources)) {
    it(`source - may be ${name}`, async () => {
      const values = await collect(master.createWorkpool(worker1, worker2).map(source(), 'echo'));
      expect(values).to.deep.equal([1, 2, 3, 4, 5, 6, 7]);
    });
  }

  it('source - may be empty', async () => {
    expect(await collect(master.createWorkpool(worker1).map([], 'echo'))).to.deep.equal([]);
  });

  it('values - may be undefined', async () => {
    const values = await collect(master.createWorkpool(worker1).map([undefined, null], 'echo'));
    expect(values).to.deep.equal([undefined, null]);
  });

  it('ordered - yields the values in the order of the items', async () => {
    const values = master.createWorkpool(worker1, worker2).map(['a', 'b', 'c', 'd'], 'hold');
    const collected = collect(values);
    for (let i = 0; i < 3; i++) await worker2.exec('release');
    expect(await started(worker2)).to.deep.equal(['b', 'c', 'd']);
    await worker1.exec('release');
    expect(await collected).to.deep.equal(['a', 'b', 'c', 'd']);
  });

  it('ordered: false - yields the values as they arrive', async () => {
    const values = master.createWorkpool(worker1, worker2).map(['a', 'b', 'c'], 'hold', { ordered: false });
    const first = values.next();
    await worker2.exec('release');
    expect((await first).value).to.equal('b');
    const second = values.next();
    await worker2.exec('release');
    expect((await second).value).to.equal('c');
    const third = values.next();
    await worker1.exec('release');
    expect((await third).value).to.equal('a');
    expect((await values.next()).done).to.equal(true);
  });

  it('pool - executes other jobs and several maps at the same time', async () => {
    const pool = master.createWorkpool(worker1, worker2);
    const [one, other, response] = await Promise.all([
      collect(pool.map([1, 2, 3], 'echo')),
      collect(pool.map([4, 5, 6], 'echo')),
      pool.do('echo', 7),
    ]);
    expect([one, other, response.value]).to.deep.equal([[1, 2, 3], [4, 5, 6], 7]);
  });

  it('metadata - are sent with every item', async () => {
    const values = master
      .createWorkpool(worker1, worker2)
      .map([1, 2], 'metadata', { metadata: { color: 'red', priority: 1, timeout: '5s' } });
    expect(await collect(values)).to.deep.equal([{ color: 'red' }, { color: 'red' }]);
  });

  it('retries - apply to each item', async () => {
    const values = master.createWorkpool(worker1, worker2).map([2, 2, 2], 'fail before', { metadata: { retries: alwaysRetry(1) } });
    expect(await collect(values)).to.have.length(3);
  });

  it('arguments - of a wrong type throw at once', () => {
    const pool = master.createWorkpool(worker1);
    expect(() => pool.map(5 as never, 'echo')).to.throw(TypeError, 'source');
    expect(() => pool.map(null as never, 'echo')).to.throw(TypeError, 'source');
    expect(() => pool.map([], '')).to.throw(TypeError, 'task');
    for (const [option, value] of Object.entries({ concurrency: 0, ordered: 1, timeout: 'soon', signal: {}, metadata: 1 }))
      expect(() => pool.map([], 'echo', { [option]: value }), option).to.throw(TypeError, option);
    expect(() => pool.map([], 'echo', { metadata: { priority: NaN } })).to.throw(TypeError, 'metadata.priority');
    expect(() => pool.map([], 'echo', { retries: 2 } as never)).to.throw(TypeError, `There is no option 'retries'`);
  });
});
