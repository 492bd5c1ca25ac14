import { once } from 'node:events';
import { expect } from 'chai';
import { Master, SlaveExitedError, TimeoutError, UnknownTaskError, type Response, type Runtime, type SlaveHandle } from 'dist-io';
import { alwaysRetry } from '../support/always-retry';
import { fixture } from '../support/fixture';
import { started } from './support/held-jobs';

const TASKS = fixture('patterns/workpool-tasks.js');

describe('workpool: retries', () => {
  let master: Master;
  const create = (count: number, runtime: Runtime = 'inline'): SlaveHandle[] => [...master.createSlaves(count, TASKS, { runtime })];
  beforeEach(() => {
    master = new Master();
  });
  afterEach(() => master.exit({ pending: 'abort' }));

  const originOf = ({ from, attempt, value }: Response): unknown => ({ from, attempt, value });

  it('retries - run on another member', async () => {
    const [worker1, worker2] = create(2);
    const pool = master.createWorkpool(worker1, worker2);
    expect((await pool.do('fail on', worker1.id)).error?.message).to.equal(`not on ${worker1.id}`);
    const response = await pool.do('fail on', worker1.id, { retries: alwaysRetry(1) });
    expect(originOf(response)).to.deep.equal({ from: worker2.id, attempt: 2, value: { id: worker2.id, attempt: 2 } });
  });

  it('retries - wait for another member even if the last one is idle', async () => {
    const [worker1, worker2] = create(2);
    const pool = master.createWorkpool(worker1, worker2);
    const failed = once(worker1, 'response');
    const failing = pool.do('fail on', worker1.id, { retries: alwaysRetry(1) });
    const holding = pool.do('hold');
    await failed;
    expect((await pool.do('id')).value).to.equal(worker1.id);
    expect(pool).to.include({ running: 1, waiting: 1 });
    await worker2.exec('release');
    await holding;
    expect(originOf(await failing)).to.deep.equal({ from: worker2.id, attempt: 2, value: { id: worker2.id, attempt: 2 } });
  });

  it('retries - run on the same member if it is the only one', async () => {
    const [worker1, worker2] = create(2);
    const pool = master.createWorkpool(worker1);
    expect(originOf(await pool.do('fail before', 3, { retries: alwaysRetry(2) }))).to.deep.include({ from: worker1.id, attempt: 3 });

    pool.add(worker2);
    const holding = pool.do('hold');
    const failed = once(worker2, 'response');
    const failing = pool.do('fail before', 2, { retries: alwaysRetry(1) });
    await failed;
    pool.remove(worker1);
    expect(originOf(await failing)).to.deep.include({ from: worker2.id, attempt: 2 });
    await worker1.exec('release');
    await holding;
  });

  it('retries - the response has the last error when they are used up', async () => {
    const [worker1, worker2] = create(2);
    const { error, attempt, from } = await master.createWorkpool(worker1, worker2).do('fail before', 9, { retries: alwaysRetry(2) });
    expect({ message: error?.message, attempt, from }).to.deep.equal({ message: 'not at 3', attempt: 3, from: worker1.id });
  });

  it('retries - run before other jobs of their priority', async () => {
    const [worker1] = create(1);
    const pool = master.createWorkpool(worker1);
    const order: string[] = [];
    const note = (name: string) => () => order.push(name);
    await Promise.all([
      pool.do('fail before', 2, { retries: alwaysRetry(1) }).then(note('retried')),
      pool.do('id').then(note('equal')),
      pool.do('id', null, { priority: 1 }).then(note('higher')),
    ]);
    expect(order).to.deep.equal(['higher', 'retried', 'equal']);
  });

  it('retries - a job is retried after a death', async () => {
    const [worker1, worker2] = create(2, 'thread');
    const pool = master.createWorkpool(worker1, worker2);
    const working = pool.do('hold or die', worker1.id, { retries: alwaysRetry(1) });
    await once(worker2, 'request');
    await worker2.exec('release');
    expect(originOf(await working)).to.deep.equal({ from: worker2.id, attempt: 2, value: worker2.id });
  });

  it("retries - without members left, the job's own error is reported", async () => {
    const [worker1, worker2] = create(2);
    const pool = master.createWorkpool(worker1, worker2, { refillTimeout: 0 });
    const failed = once(worker1, 'response');
    const failing = pool.do('fail on', worker1.id, { retries: alwaysRetry(1) });
    const holding = pool.do('hold');
    await failed;
    await Promise.all([worker1.kill(), worker2.kill()]);
    expect((await holding).error).to.be.instanceOf(SlaveExitedError);
    const { error, from, attempt } = await failing;
    expect({ message: error?.message, from, attempt }).to.deep.equal({ message: `not on ${worker1.id}`, from: worker1.id, attempt: 1 });
  });

  it('retries - a job that timed out by the timeout of its slave is not retried while it still runs', async () => {
    const [worker1, worker2] = create(2);
    worker1.timeout = 5;
    const { error, attempt } = await master.createWorkpool(worker1, worker2).do('hold', 'held', { retries: alwaysRetry(1) });
    expect({ error: error?.constructor, attempt }).to.deep.equal({ error: TimeoutError, attempt: 1 });
    expect(await started(worker2)).to.deep.equal([]);
  });

  it('retries - a timeout of the job itself is not retried', async () => {
    const [worker1, worker2] = create(2);
    const { error, attempt } = await master.createWorkpool(worker1, worker2).do('hold', 'held', { retries: alwaysRetry(3), timeout: 5 });
    expect({ error: error?.constructor, attempt }).to.deep.equal({ error: TimeoutError, attempt: 1 });
    expect(await started(worker2)).to.deep.equal([]);
  });

  it('retries - a number covers lost slaves, but not errors of the task', async () => {
    const [worker1, worker2] = create(2, 'thread');
    const thrown = await master.createWorkpool(worker1, worker2).do('fail', 'once', { retries: 3 });
    expect([thrown.error?.message, thrown.attempt]).to.deep.equal(['once', 1]);
    const working = master.createWorkpool(worker1, worker2).do('hold or die', worker1.id, { retries: 1 });
    await once(worker2, 'request');
    await worker2.exec('release');
    expect(originOf(await working)).to.deep.equal({ from: worker2.id, attempt: 2, value: worker2.id });
  });

  it('retries - the function on decides for every error, lost slaves included', async () => {
    const [worker1, worker2, worker3] = create(3, 'thread');
    const pool = master.createWorkpool(worker1, worker2, worker3);
    const asked: string[] = [];
    const retries = { times: 5, on: (error: Error) => asked.push(error.name) < 2 };
    expect(await pool.do('fail', 'now', { retries })).to.include({ attempt: 2 });
    expect((await pool.do('die', null, { retries: { times: 1, on: () => false } })).attempt).to.equal(1);
    expect(asked).to.deep.equal(['RangeError', 'RangeError']);
  });

  it('retries - an error that every member would return is not retried', async () => {
    const [worker1, worker2] = create(2);
    const pool = master.createWorkpool(worker1, worker2);
    const unknown = await pool.do('make tea', null, { retries: alwaysRetry(2) });
    expect(unknown.error).to.be.instanceOf(UnknownTaskError);
    const mangled = await pool.do('echo', { fn: () => 'a function' }, { retries: alwaysRetry(2) });
    expect(mangled.error).to.include({ code: 'NOT_SERIALIZABLE' });
    expect([unknown.attempt, mangled.attempt]).to.deep.equal([1, 1]);
  });

  it('retries - an abort settles a job that waits for its retry', async () => {
    const [worker1, worker2] = create(2);
    const pool = master.createWorkpool(worker1, worker2);
    const controller = new AbortController();
    const failed = once(worker1, 'response');
    const failing = pool.do('fail on', worker1.id, { retries: alwaysRetry(1), signal: controller.signal });
    void pool.do('hold');
    await failed;
    expect(pool.waiting).to.equal(1);
    controller.abort();
    const { error, attempt, from } = await failing;
    expect({ code: (error as { code?: string }).code, attempt, from }).to.deep.equal({ code: 'ABORTED', attempt: 1, from: worker1.id });
    expect(pool.waiting).to.equal(0);
  });

  it('exit - waits for retries', async () => {
    const [worker1, worker2] = create(2);
    const pool = master.createWorkpool(worker1, worker2);
    const failing = pool.do('fail before', 3, { retries: alwaysRetry(2) });
    await pool.exit();
    expect((await failing).value).to.deep.equal({ id: worker1.id, attempt: 3 });
  });
});
