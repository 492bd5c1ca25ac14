import { expect } from 'chai';
import { Master, QueueFullError, SlavePausedError } from 'dist-io';
import { alwaysRetry } from '../support/always-retry';
import { fixture } from '../support/fixture';

const TASKS = fixture('patterns/workpool-tasks.js');

describe('workpool: refused jobs', () => {
  let master: Master;
  beforeEach(() => (master = new Master({ runtime: 'inline' })));
  afterEach(() => master.exit({ pending: 'abort' }));

  it('paused - a job refused by a paused member runs on another member as the same attempt', async () => {
    const [worker1, worker2] = master.createSlaves(2, TASKS);
    const pool = master.createWorkpool(worker1, worker2);
    await worker1.exec('pause');
    for (let i = 0; i < 3; i++) expect(await pool.do('id')).to.include({ value: worker2.id, attempt: 1 });
  });

  it('paused - with all members paused, a job gets a SlavePausedError', async () => {
    const slaves = master.createSlaves(3, TASKS);
    const pool = master.createWorkpool(...slaves);
    await slaves.exec('pause');
    expect((await pool.do('id', null, { retries: 3 })).error).to.be.an.instanceOf(SlavePausedError);
  });

  it('full - a job refused by a full member runs on a member with room', async () => {
    const full = master.createSlave(TASKS, { maxPending: 1 });
    const roomy = master.createSlave(TASKS);
    const pool = master.createWorkpool(full, roomy);
    const elsewhere = [roomy.exec('hold'), roomy.exec('hold'), full.exec('hold')];
    expect(await pool.do('id')).to.include({ value: roomy.id, attempt: 1 });
    await Promise.all([full.exit({ pending: 'abort' }), roomy.exec('release all'), ...elsewhere]);
  });

  it('full - a refused retry runs on a member with room', async () => {
    const first = master.createSlave(TASKS);
    const full = master.createSlave(TASKS, { maxPending: 1 });
    const roomy = master.createSlave(TASKS);
    const pool = master.createWorkpool(first, full, roomy);
    const elsewhere = [full.exec('hold'), roomy.exec('hold'), roomy.exec('hold')];
    const response = await pool.do('fail on', first.id, { retries: alwaysRetry(1) });
    expect(response.value).to.deep.equal({ id: roomy.id, attempt: 2 });
    await Promise.all([full.exit({ pending: 'abort' }), roomy.exec('release all'), ...elsewhere]);
  });

  it('full - with all members full, a job gets a QueueFullError', async () => {
    const slaves = master.createSlaves(2, TASKS, { maxPending: 1 });
    const holding = slaves.exec('hold');
    expect((await master.createWorkpool(...slaves).do('id')).error).to.be.an.instanceOf(QueueFullError);
    await Promise.all([slaves.exit({ pending: 'abort' }), holding]);
  });
});
