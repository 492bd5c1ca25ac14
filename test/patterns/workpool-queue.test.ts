import { getEventListeners } from 'node:events';
import { expect } from 'chai';
import { AbortError, Master, QueueFullError, TimeoutError, type SlaveHandle } from 'dist-io';
import { fixture } from '../support/fixture';
import { rejection } from '../support/rejection';
import { createBusyPool, executionOrder, started } from './support/held-jobs';

const TASKS = fixture('patterns/workpool-tasks.js');

describe('workpool: queue', () => {
  let master: Master;
  let worker1: SlaveHandle, worker2: SlaveHandle;
  beforeEach(() => {
    master = new Master({ runtime: 'inline' });
    [worker1, worker2] = master.createSlaves(2, TASKS, { alias: 'worker', group: 'workers' });
  });
  afterEach(() => master.exit({ pending: 'abort' }));

  it('timeout - a job that times out in the queue is settled and never sent', async () => {
    const { pool, first } = createBusyPool(master, worker1);
    const { error } = await pool.do('hold', 'second', { timeout: 5 });
    expect(error).to.be.instanceOf(TimeoutError).and.to.include({ task: 'hold', slave: null, timeout: 5 });
    expect(pool.waiting).to.equal(0);
    await worker1.exec('release');
    await first;
    expect(await started(worker1)).to.deep.equal(['first']);
  });

  it('timeout - applies to a running job', async () => {
    const { error } = await master.createWorkpool(worker1).do('hold', 'first', { timeout: 5 });
    expect(error).to.be.instanceOf(TimeoutError).and.to.include({ slave: 'slave 0 (worker)', timeout: 5 });
  });

  it('timeout - starts with do', async () => {
    const { pool } = createBusyPool(master, worker1);
    const timed = pool.do('hold', 'second', { timeout: 250 });
    await worker1.exec('hold', undefined, { timeout: 50 });
    await worker1.exec('release');
    // Begins with the job on its slave and ends before a job whose time would begin only then.
    const other = worker1.exec('hold', undefined, { timeout: 225 });
    const { error } = await Promise.race([timed, other]);
    await other;
    // Not what was left of it when the work was sent.
    expect(error).to.be.instanceOf(TimeoutError).with.property('timeout', 250);
  });

  it('signal - a job aborted in the queue is settled and never sent', async () => {
    const { pool, first } = createBusyPool(master, worker1);
    const controller = new AbortController();
    const waiting = ['second', 'third'].map((data) => pool.do('hold', data, { signal: controller.signal }));
    controller.abort('enough');
    for (const { error } of await Promise.all(waiting)) expect(error).to.be.instanceOf(AbortError).and.to.include({ reason: 'enough' });
    expect(pool.waiting).to.equal(0);
    await worker1.exec('release');
    await first;
    expect(await started(worker1)).to.deep.equal(['first']);
  });

  it('signal - with an aborted signal the job is not sent', async () => {
    const { pool } = createBusyPool(master, worker1);
    const signal = AbortSignal.abort('before');
    expect((await pool.do('hold', 'second', { signal })).error).to.be.instanceOf(AbortError);
    expect((await master.createWorkpool(worker2).do('hold', 'third', { signal })).error).to.be.instanceOf(AbortError);
    expect(await started(worker2)).to.deep.equal([]);
  });

  it('signal - all jobs share one listener, which is removed at the end', async () => {
    const { pool, first } = createBusyPool(master, worker1);
    const { signal } = new AbortController();
    const waiting = Array.from({ length: 50 }, () => pool.do('echo', 1, { signal }));
    expect(getEventListeners(signal, 'abort')).to.have.length(1);
    await worker1.exec('release');
    await Promise.all([first, ...waiting]);
    expect(getEventListeners(signal, 'abort')).to.have.length(0);
  });

  it('maxQueue - a further job fails with QueueFullError', async () => {
    const { pool, first } = createBusyPool(master, worker1, { maxQueue: 1 });
    const second = pool.do('hold', 'second');
    const { error, attempt, from } = await pool.do('hold', 'third');
    expect(error).to.be.instanceOf(QueueFullError).and.to.include({ code: 'QUEUE_FULL', task: 'hold', limit: 1 });
    expect({ attempt, from }).to.deep.equal({ attempt: 1, from: worker1.id });
    await worker1.exec('release');
    await first;
    const fourth = pool.do('hold', 'fourth');
    expect(await executionOrder(pool, worker1)).to.deep.equal(['first', 'second', 'fourth']);
    expect((await Promise.all([second, fourth])).map(({ ok }) => ok)).to.deep.equal([true, true]);
  });

  it('maxQueue - with 0 a job runs at once or fails', async () => {
    const { pool } = createBusyPool(master, worker1, { maxQueue: 0 });
    expect((await pool.do('id')).error).to.be.instanceOf(QueueFullError);
    pool.add(worker2);
    expect((await pool.do('id')).value).to.equal(worker2.id);
  });

  it('rejectOnError - of the metadata or of the slave rejects', async () => {
    const { pool } = createBusyPool(master, worker1, { maxQueue: 0 });
    expect(await rejection(pool.do('id', null, { rejectOnError: true }))).to.be.instanceOf(QueueFullError);
    expect(await rejection(master.createWorkpool(worker2).do('fail', 'text', { rejectOnError: true }))).to.be.instanceOf(RangeError);
    worker2.rejectOnError = true;
    expect(await rejection(master.createWorkpool(worker2).do('fail', 'text'))).to.be.instanceOf(RangeError);
    expect((await master.createWorkpool(worker2).do('fail', 'text', { rejectOnError: false })).error).to.be.instanceOf(RangeError);
  });
});
