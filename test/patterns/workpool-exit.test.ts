import { expect } from 'chai';
import { Master, SlaveExitedError, type SlaveHandle } from 'dist-io';
import { fixture } from '../support/fixture';
import { rejection } from '../support/rejection';
import { createBusyPool } from './support/held-jobs';

const TASKS = fixture('patterns/workpool-tasks.js');

describe('workpool: drain and exit', () => {
  let master: Master;
  let worker1: SlaveHandle, worker2: SlaveHandle, worker3: SlaveHandle;
  beforeEach(() => {
    master = new Master({ runtime: 'inline' });
    [worker1, worker2, worker3] = master.createSlaves(3, TASKS);
  });
  afterEach(() => master.exit({ pending: 'abort' }));

  it('drain - resolves when no job waits or runs', async () => {
    const { pool, first } = createBusyPool(master, worker1);
    const answers: string[] = [];
    const working = [first, pool.do('echo'), pool.do('echo')].map((one) => one.then(() => answers.push('answer')));
    const drained = pool.drain().then(() => answers.push('drained'));
    await worker1.exec('release');
    await Promise.all([...working, drained]);
    expect(answers).to.deep.equal(['answer', 'answer', 'answer', 'drained']);
    await pool.drain();
  });

  it('exit - finishes all jobs, refuses new ones, and ends the members', async () => {
    const pool = master.createWorkpool(worker1, worker2);
    const working = [1, 2, 3, 4].map((i) => pool.do('echo', i));
    const exiting = pool.exit();
    const late = await pool.do('echo', 5);
    expect(late.error).to.be.instanceOf(SlaveExitedError).and.to.include({ mayHaveExecuted: false });
    expect((await Promise.all(working)).map(({ value }) => value)).to.deep.equal([1, 2, 3, 4]);
    expect((await exiting).map(({ id, code }) => [id, code])).to.deep.equal([
      [worker1.id, 0],
      [worker2.id, 0],
    ]);
    expect([worker1.isAlive, worker2.isAlive, worker3.isAlive]).to.deep.equal([false, false, true]);
  });

  it('exit - a second call resolves the same reports', async () => {
    const pool = master.createWorkpool(worker1, worker2);
    const reports = await pool.exit();
    expect(await pool.exit()).to.deep.equal(reports);
  });

  it("exit - with pending: 'abort' does not wait", async () => {
    const { pool, first } = createBusyPool(master, worker1);
    const waiting = pool.do('hold', 'second');
    const exiting = pool.exit();
    await pool.exit({ pending: 'abort' });
    expect((await first).error)
      .to.be.instanceOf(SlaveExitedError)
      .and.to.include({ mayHaveExecuted: true });
    expect((await waiting).error)
      .to.be.instanceOf(SlaveExitedError)
      .and.to.include({ mayHaveExecuted: false });
    await exiting;
    expect(worker1.isAlive).to.equal(false);
  });

  it('exit - throws on unknown options without any effect', async () => {
    const { pool, first } = createBusyPool(master, worker1);
    const waiting = pool.do('echo', 'second');
    for (const options of [{ pendng: 'abort' }, { pending: 'drop' }, 'abort', null] as never[])
      expect(() => pool.exit(options)).to.throw(TypeError);
    await worker1.exec('release');
    await first;
    expect((await waiting).value).to.equal('second');
    expect((await pool.do('echo', 'third')).value).to.equal('third');
  });

  it('exit - of a pool without members resolves no reports', async () => {
    const pool = master.createWorkpool();
    expect(await pool.exit()).to.deep.equal([]);
    expect(await rejection(pool.do('id'))).to.be.instanceOf(SlaveExitedError);
  });
});
