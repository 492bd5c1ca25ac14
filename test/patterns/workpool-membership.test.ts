import { expect } from 'chai';
import { Master, NoSlaveError, UnknownSlaveError, type SlaveHandle } from 'dist-io';
import { fixture } from '../support/fixture';
import { rejection } from '../support/rejection';
import { createBusyPool, started } from './support/held-jobs';

const TASKS = fixture('patterns/workpool-tasks.js');

describe('workpool: members', () => {
  let master: Master;
  let worker1: SlaveHandle, worker2: SlaveHandle, worker3: SlaveHandle;
  beforeEach(() => {
    master = new Master({ runtime: 'inline' });
    [worker1, worker2, worker3] = master.createSlaves(3, TASKS, { alias: 'worker', group: 'workers' });
  });
  afterEach(() => master.exit({ pending: 'abort' }));

  it('selectors - select the members, each once', () => {
    expect(master.createWorkpool('workers', worker1, [worker2.id, 'worker-2']).slaves).to.deep.equal([worker1, worker2, worker3]);
    expect(master.createWorkpool('worker-2', [worker1], { concurrency: 3 }).slaves).to.deep.equal([worker3, worker1]);
  });

  it('selectors - an unknown one throws', () => {
    expect(() => master.createWorkpool(worker1, 'nobody')).to.throw(UnknownSlaveError);
    const pool = master.createWorkpool(worker1);
    expect(() => pool.add('nobody')).to.throw(UnknownSlaveError);
    expect(() => pool.remove('nobody')).to.throw(UnknownSlaveError);
  });

  it('add - the new member gets a waiting job', async () => {
    const { pool } = createBusyPool(master, worker1);
    const waiting = pool.do('id');
    pool.add(worker2);
    expect((await waiting).value).to.equal(worker2.id);
    expect(pool.slaves).to.deep.equal([worker1, worker2]);
  });

  it('add - a slave that is a member already changes nothing', async () => {
    const { pool } = createBusyPool(master, worker1);
    void pool.do('hold', 'second');
    pool.add(worker1);
    expect([pool.slaves.length, pool.running, pool.waiting]).to.deep.equal([1, 1, 1]);
    expect(await started(worker1)).to.deep.equal(['first']);
  });

  it('remove - the member finishes its jobs and gets no new ones', async () => {
    const { pool, first } = createBusyPool(master, worker1);
    pool.add(worker2).remove(worker1);
    expect((await Promise.all([pool.do('id'), pool.do('id')])).map(({ value }) => value)).to.deep.equal([worker2.id, worker2.id]);
    await worker1.exec('release');
    expect((await first).value).to.equal('first');
    expect((await pool.do('id')).value).to.equal(worker2.id);
    expect(worker1.isAlive).to.equal(true);
  });

  it('remove - a member that is added again still has its running jobs', async () => {
    const { pool, first } = createBusyPool(master, worker1);
    pool.remove(worker1).add(worker1);
    const waiting = pool.do('id');
    expect(pool).to.include({ running: 1, waiting: 1 });
    await Promise.all([worker1.exec('release'), first, waiting]);
  });

  it('remove - a slave that is not a member is ignored', () => {
    expect(master.createWorkpool(worker1).remove(worker2).slaves).to.deep.equal([worker1]);
  });

  it('remove - of the last member fails waiting jobs with NoSlaveError', async () => {
    const { pool, first } = createBusyPool(master, worker1, { refillTimeout: 0 });
    const waiting = pool.do('id').catch((error: unknown) => error);
    pool.remove(worker1);
    expect(await waiting)
      .to.be.instanceOf(NoSlaveError)
      .and.to.include({ task: 'id' });
    await worker1.exec('release');
    expect((await first).value).to.equal('first');
  });

  it('remove - of the last member fails waiting jobs with NoSlaveError after earlier deaths', async () => {
    const { pool } = createBusyPool(master, worker1, { refillTimeout: 0 });
    pool.add(worker2);
    await worker2.kill();
    const waiting = rejection(pool.do('id'));
    pool.remove(worker1);
    expect(await waiting).to.be.instanceOf(NoSlaveError);
  });

  it('no members - do rejects until a member is added', async () => {
    const pool = master.createWorkpool({ refillTimeout: 0 });
    expect(await pool.do('id').catch((error: unknown) => error)).to.be.instanceOf(NoSlaveError);
    expect((await pool.add(worker1).do('id')).value).to.equal(worker1.id);
  });

  it('pools - a slave may be a member of several pools', async () => {
    const { pool } = createBusyPool(master, worker1);
    const other = master.createWorkpool(worker1, worker2);
    expect((await other.do('id')).value).to.equal(worker2.id);
    const third = other.do('hold', 'third');
    await worker2.exec('begun');
    expect((await other.do('id')).value).to.equal(worker1.id);
    await Promise.all([worker1.exec('release'), worker2.exec('release'), third, pool.drain()]);
  });
});
