import { expect } from 'chai';
import { Master, type SlaveHandle, type WorkpoolOptions } from 'dist-io';
import { fixture } from '../support/fixture';
import { createBusyPool, executionOrder, started } from './support/held-jobs';

const TASKS = fixture('patterns/workpool-tasks.js');

describe('workpool: do', () => {
  let master: Master;
  let worker1: SlaveHandle, worker2: SlaveHandle, worker3: SlaveHandle;
  beforeEach(() => {
    master = new Master({ runtime: 'inline' });
    [worker1, worker2, worker3] = master.createSlaves(3, TASKS);
  });
  afterEach(() => master.exit({ pending: 'abort' }));

  it('do - resolves the response of a member', async () => {
    const response = await master.createWorkpool(worker1).do('echo', { some: 'data' });
    expect(response).to.include({ ok: true, from: worker1.id, task: 'echo', attempt: 1 });
    expect(response.value).to.deep.equal({ some: 'data' });
  });

  it('do - selects an idle member', async () => {
    const pool = master.createWorkpool(worker1, worker2, worker3);
    const holding = [pool.do('hold'), pool.do('hold')];
    expect((await pool.do('id')).value).to.equal(worker3.id);
    expect((await pool.do('id')).value).to.equal(worker3.id);
    await Promise.all([worker1.exec('release'), worker2.exec('release'), ...holding]);
  });

  it('do - a member runs one job at a time, the others wait', async () => {
    const pool = master.createWorkpool(worker1, worker2);
    const working = [1, 2, 3, 4, 5].map((i) => pool.do('hold', i));
    expect(pool).to.include({ running: 2, waiting: 3 });
    expect([await started(worker1), await started(worker2)]).to.deep.equal([[1], [2]]);
    await worker2.exec('release');
    await working[1];
    expect(pool).to.include({ running: 2, waiting: 2 });
    expect([await started(worker1), await started(worker2)]).to.deep.equal([[1], [2, 3]]);
    await pool.exit({ pending: 'abort' });
  });

  it('selection - of several idle members, the one that had the last job gets the next', async () => {
    const pool = master.createWorkpool(worker1, worker2, worker3);
    const holding = pool.do('hold');
    const ids = [];
    for (let i = 0; i < 3; i++) ids.push((await pool.do('id')).value);
    await worker1.exec('release');
    await holding;
    for (let i = 0; i < 2; i++) ids.push((await pool.do('id')).value);
    expect(ids).to.deep.equal(Array(5).fill(worker2.id));
  });

  it('selection - a member that is busy outside of the pool is not idle', async () => {
    const pool = master.createWorkpool(worker1, worker2);
    const elsewhere = worker1.exec('hold');
    expect((await pool.do('id')).value).to.equal(worker2.id);
    expect((await pool.do('id')).value).to.equal(worker2.id);
    await Promise.all([worker1.exec('release'), elsewhere]);
  });

  it('selection - a member that still runs a cancelled job is selected last', async () => {
    const pool = master.createWorkpool(worker1, worker2);
    expect((await pool.do('hold', 'stuck', { timeout: 5 })).from).to.equal(worker1.id);
    const ids = [];
    for (let i = 0; i < 3; i++) ids.push((await pool.do('id')).value);
    await worker1.exec('release');
    for (const { value } of await Promise.all([pool.do('id'), pool.do('id')])) ids.push(value);
    expect(ids).to.deep.equal([worker2, worker2, worker2, worker2, worker1].map(({ id }) => id));
  });

  it('concurrency - a member runs several jobs at a time, idle members first', async () => {
    const pool = master.createWorkpool(worker1, worker2, { concurrency: 2 });
    const working = [1, 2, 3, 4, 5].map((i) => pool.do('hold', i));
    expect([await started(worker1), await started(worker2)]).to.deep.equal([
      [1, 3],
      [2, 4],
    ]);
    expect(pool).to.include({ running: 4, waiting: 1 });
    await Promise.all([worker1.exec('release all'), worker2.exec('release all'), working[0]]);
    await Promise.all([worker1.exec('release all'), worker2.exec('release all'), ...working]);
  });

  it('order - jobs of one priority run first come, first served', async () => {
    const { pool } = createBusyPool(master, worker1);
    for (const data of ['second', 'third', 'fourth']) void pool.do('hold', data);
    expect(await executionOrder(pool, worker1)).to.deep.equal(['first', 'second', 'third', 'fourth']);
  });

  it('priority - higher priorities run first, equal ones in their order', async () => {
    const { pool } = createBusyPool(master, worker1);
    for (const priority of [0, -1, 5, 0.5, 5, Infinity, -1, undefined]) void pool.do('hold', priority, { priority });
    expect(await executionOrder(pool, worker1)).to.deep.equal(['first', Infinity, 5, 5, 0.5, 0, undefined, -1, -1]);
  });

  it("metadata - keys that are not the pool's are sent, and the object is not changed", async () => {
    const metadata = Object.freeze({ priority: 1, retries: 2, timeout: '5s', rejectOnError: false, color: 'red' });
    expect((await master.createWorkpool(worker1).do('metadata', null, metadata)).value).to.deep.equal({ color: 'red' });
  });

  it('runtimes - process, thread and inline slaves may be mixed', async () => {
    const mixed = [worker1, master.createSlave(TASKS, { runtime: 'thread' }), master.createSlave(TASKS, { runtime: 'process' })];
    const pool = master.createWorkpool(...mixed);
    const holding = mixed.map(() => pool.do('hold'));
    await master.broadcast('release').to(...mixed);
    expect((await Promise.all(holding)).map(({ from }) => from)).to.deep.equal(mixed.map(({ id }) => id));
  });

  it('arguments - of a wrong type throw at once, with and without an idle member', () => {
    const { pool } = createBusyPool(master, worker1);
    expect(() => pool.do('')).to.throw(TypeError);
    expect(() => pool.do('echo', 1, { priority: NaN })).to.throw(TypeError, 'metadata.priority');
    expect(() => pool.do('echo', 1, { priority: 'high' as never })).to.throw(TypeError, 'metadata.priority');
    expect(() => pool.do('echo', 1, { timeout: 'soon' })).to.throw(TypeError, 'metadata.timeout');
    expect(() => pool.do('echo', 1, { retries: -1 })).to.throw(TypeError, 'metadata.retries');
    expect(() => pool.while('yes' as never)).to.throw(TypeError, 'condition');
    expect(() => pool.while(() => true).do('')).to.throw(TypeError);
    expect(pool).to.include({ running: 1, waiting: 0 });
  });

  it('options - wrong names and values throw', () => {
    expect(() => master.createWorkpool(worker1, { concurrency: 0 })).to.throw(TypeError, 'concurrency');
    expect(() => master.createWorkpool(worker1, { concurrency: Infinity })).to.throw(TypeError, 'concurrency');
    expect(() => master.createWorkpool(worker1, { maxQueue: -1 })).to.throw(TypeError, 'maxQueue');
    expect(() => master.createWorkpool(worker1, { size: 4 } as WorkpoolOptions)).to.throw(TypeError, `There is no option 'size'`);
    expect(() => master.createWorkpool(worker1, null as never)).to.throw(TypeError, 'A selector is');
  });

  it('do - a stream with retries throws a TypeError', async () => {
    const { pool, first } = createBusyPool(master, worker1);
    const data = (function* () {
      yield 1;
    })();
    expect(() => pool.do('echo', data, { retries: 1 })).to.throw(TypeError, 'leave out metadata.retries');
    await worker1.exec('release');
    await first;
  });
});
