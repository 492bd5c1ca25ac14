import { expect } from 'chai';
import { Master, SlaveExitedError, TimeoutError } from 'dist-io';
import { fixture } from '../support/fixture';

const TASKS = fixture('patterns/workpool-tasks.js');

describe('pool: limits', () => {
  let master: Master;
  beforeEach(() => (master = new Master({ runtime: 'inline' })));
  afterEach(() => master.exit({ pending: 'abort' }));

  it('timeout - of a pool counts the time in the queue', async () => {
    const pool = master.createPool(1, TASKS, { timeout: 50 });
    const [running, waiting] = await Promise.all([pool.do('hold'), pool.do('echo', 1)]);
    expect(running.error).to.be.an.instanceOf(TimeoutError);
    expect(waiting.error).to.be.an.instanceOf(TimeoutError).with.property('phase', 'queued');
    expect(pool.waiting).to.equal(0);
  });

  it('timeout - of the metadata overrides that of the pool', async () => {
    const pool = master.createPool(1, TASKS, { timeout: 1 });
    expect((await pool.do('echo', 1, { timeout: '1m' })).value).to.equal(1);
  });

  it('exit - a job that never ends is aborted after shutdown', async () => {
    const pool = master.createPool(1, TASKS, { shutdown: 50 });
    const [running, waiting] = [pool.do('hold'), pool.do('echo', 1)];
    expect(await pool.exit()).to.have.length(1);
    expect((await running).error).to.be.an.instanceOf(SlaveExitedError);
    expect((await waiting).error)
      .to.be.an.instanceOf(SlaveExitedError)
      .with.property('mayHaveExecuted', false);
  });

  it('add - an ended pool takes no members', async () => {
    const pool = master.createPool(1, TASKS);
    await pool.exit();
    expect(() => pool.add(master.createSlave(TASKS))).to.throw(SlaveExitedError, 'The workpool');
  });

  it('JSON - handles, groups, views and pools are written as what they show', () => {
    const pool = master.createPool(1, TASKS, { alias: 'worker' });
    const worker = { id: 0, alias: 'worker', runtime: 'inline', isAlive: true };
    const written = (value: unknown): unknown => JSON.parse(JSON.stringify(value));
    expect(written(pool.slaves[0])).to.include(worker);
    expect((written(master.slaves) as object[])[0]).to.include(worker);
    expect((written(master.slaves.local) as object[])[0]).to.include(worker);
    expect(written(pool)).to.include({ waiting: 0, running: 0 });
  });
});
