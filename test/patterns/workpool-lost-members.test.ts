import { expect } from 'chai';
import { Master, SlaveDiedError, SlaveExitedError, SpawnError, type Response, type Runtime, type SlaveHandle } from 'dist-io';
import { alwaysRetry } from '../support/always-retry';
import { fixture } from '../support/fixture';

const TASKS = fixture('patterns/workpool-tasks.js');

describe('workpool: lost members', () => {
  let master: Master;
  const create = (count: number, runtime: Runtime = 'inline'): SlaveHandle[] => [...master.createSlaves(count, TASKS, { runtime })];
  beforeEach(() => {
    master = new Master();
  });
  afterEach(() => master.exit({ pending: 'abort' }));

  const originOf = ({ from, attempt, value }: Response): unknown => ({ from, attempt, value });

  it('death - fails the running job; waiting jobs go to other members, and the member is removed', async () => {
    const [worker1, worker2] = create(2, 'thread');
    const pool = master.createWorkpool(worker1, worker2);
    const holding = pool.do('hold');
    const dying = pool.do('die');
    const waiting = [pool.do('id'), pool.do('id')];
    expect((await dying).error)
      .to.be.instanceOf(SlaveDiedError)
      .and.to.include({ mayHaveExecuted: true, exitCode: 3 });
    await worker1.exec('release');
    await holding;
    expect((await Promise.all(waiting)).map(originOf)).to.deep.equal(Array(2).fill({ from: worker1.id, attempt: 1, value: worker1.id }));
    expect(pool.slaves).to.deep.equal([worker1]);
  });

  it('death - an idle member that died gets no job', async () => {
    const [worker1, worker2] = create(2);
    const pool = master.createWorkpool(worker1, worker2);
    await worker1.kill();
    expect(originOf(await pool.do('id'))).to.deep.equal({ from: worker2.id, attempt: 1, value: worker2.id });
    expect(pool.slaves).to.deep.equal([worker2]);
  });

  it('death - of the last member fails waiting and new jobs with its error', async () => {
    const [worker1] = create(1, 'thread');
    const pool = master.createWorkpool(worker1, { refillTimeout: 0 });
    const dying = pool.do('die', null, { retries: alwaysRetry(3) });
    const waiting = [pool.do('id'), pool.do('id', null, { priority: 1 })];
    expect((await dying).error)
      .to.be.instanceOf(SlaveDiedError)
      .and.to.include({ mayHaveExecuted: true });
    for (const response of [...(await Promise.all(waiting)), await pool.do('id')]) {
      expect(response.error).to.be.instanceOf(SlaveDiedError).and.to.include({ mayHaveExecuted: false });
      expect(response).to.include({ from: worker1.id, attempt: 1 });
    }
    const [worker2] = create(1);
    expect((await pool.add(worker2).do('id')).value).to.equal(worker2.id);
  });

  it('death - each job gets its own error object', async () => {
    const [worker1] = create(1);
    const pool = master.createWorkpool(worker1, { refillTimeout: 0 });
    await worker1.kill();
    const [one, other] = await Promise.all([pool.do('id'), pool.do('id')]);
    expect(one.error).to.be.instanceOf(SlaveExitedError).and.not.to.equal(other.error);
  });

  it('start - the jobs of a slave that does not start move to another member', async () => {
    const missing = master.createSlave('./no-such-file.js');
    const [worker1] = create(1);
    const pool = master.createWorkpool(missing, worker1, { concurrency: 2 });
    const responses = await Promise.all([1, 2, 3, 4, 5].map((i) => pool.do('echo', i)));
    expect(responses.map(originOf)).to.deep.equal([1, 2, 3, 4, 5].map((value) => ({ from: worker1.id, attempt: 1, value })));
  });

  it('start - every job gets a SpawnError when no slave starts', async () => {
    const pool = master.createWorkpool(...master.createSlaves(2, './no-such-file.js'), { refillTimeout: 0 });
    const responses = await Promise.all([1, 2, 3].map((i) => pool.do('echo', i, { retries: alwaysRetry(2) })));
    for (const { error, attempt } of responses)
      expect({ error: error?.constructor, attempt }).to.deep.equal({ error: SpawnError, attempt: 1 });
  });

  it('exit - an exiting member finishes its jobs and gets no new ones', async () => {
    const [worker1, worker2] = create(2);
    const pool = master.createWorkpool(worker1, worker2, { concurrency: 2 });
    const holding = pool.do('hold', 'held');
    const exiting = worker1.exit();
    expect((await Promise.all([pool.do('id'), pool.do('id'), pool.do('id')])).map(({ value }) => value)).to.deep.equal(
      Array(3).fill(worker2.id),
    );
    expect(pool.slaves).to.deep.equal([worker2]);
    // It takes no orders any more.
    expect((await worker1.exec('release')).error).to.be.instanceOf(SlaveExitedError);
    await worker1.exit({ pending: 'abort' });
    expect((await holding).error)
      .to.be.instanceOf(SlaveExitedError)
      .and.to.include({ mayHaveExecuted: true });
    await exiting;
  });
});
