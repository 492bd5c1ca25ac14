import { expect } from 'chai';
import { Master, NoSlaveError, SlaveDiedError, SlaveExitedError, SpawnError, TimeoutError } from 'dist-io';
import { fixture } from '../support/fixture';
import { rejection } from '../support/rejection';

const TASKS = fixture('patterns/workpool-tasks.js');

describe('workpool: refillTimeout', () => {
  let master: Master;
  beforeEach(() => (master = new Master({ runtime: 'inline' })));
  afterEach(() => master.exit({ pending: 'abort' }));

  it('death - jobs that wait at the death of the last member run on a new member', async () => {
    const dying = master.createSlave(TASKS, { runtime: 'thread' });
    const pool = master.createWorkpool(dying);
    const death = pool.do('die');
    const waiting = [pool.do('echo', 1), pool.do('echo', 2)];
    expect((await death).error).to.be.an.instanceOf(SlaveDiedError);
    const later = pool.do('echo', 3);
    expect([pool.running, pool.waiting]).to.deep.equal([0, 3]);
    pool.add(master.createSlave(TASKS));
    expect((await Promise.all([...waiting, later])).map(({ value, attempt }) => [value, attempt])).to.deep.equal([
      [1, 1],
      [2, 1],
      [3, 1],
    ]);
  });

  it('death - a retry waits for a new member', async () => {
    const pool = master.createWorkpool(master.createSlave(TASKS, { runtime: 'thread' }));
    const job = pool.do('hold or die', 0, { retries: 1 });
    await new Promise((resolve) => pool.slaves[0].once('exit', resolve));
    const next = master.createSlave(TASKS);
    pool.add(next);
    await next.exec('release');
    expect(await job).to.include({ value: next.id, attempt: 2 });
  });

  it('start - jobs of members that fail to start wait for a new member', async () => {
    const missing = master.createSlave('./no-such-file.js');
    const pool = master.createWorkpool(missing);
    const job = pool.do('id');
    expect(await rejection(missing.ready())).to.be.an.instanceOf(SpawnError);
    const slave = master.createSlave(TASKS);
    pool.add(slave);
    expect((await job).value).to.equal(slave.id);
  });

  it('remove - jobs that wait at the removal of the last member run on a new member', async () => {
    const [worker1, worker2] = master.createSlaves(2, TASKS);
    const pool = master.createWorkpool(worker1);
    pool.remove(worker1);
    const job = pool.do('id');
    pool.add(worker2);
    expect((await job).value).to.equal(worker2.id);
  });

  it('map and while - continue on a new member', async () => {
    const worker1 = master.createSlave(TASKS);
    const pool = master.createWorkpool();
    const values = pool.map([1, 2, 3], 'echo');
    const first = values.next();
    const repeating = pool.while((i) => i < 3).do('echo', 'again');
    pool.add(worker1);
    expect((await first).value).to.equal(1);
    expect((await repeating).values).to.deep.equal(['again', 'again', 'again']);
    await values.return();
  });

  it('expiry - without a new member, waiting jobs get the error of the last member, and later jobs get it at once', async () => {
    const worker1 = master.createSlave(TASKS);
    const pool = master.createWorkpool(worker1, { refillTimeout: 10 });
    await worker1.kill();
    const errors = (await Promise.all([pool.do('id'), pool.do('id')])).map(({ error }) => error);
    for (const error of errors) expect(error).to.be.an.instanceOf(SlaveExitedError);
    const late = pool.do('id');
    expect(pool.waiting).to.equal(0);
    expect((await late).error).to.be.an.instanceOf(SlaveExitedError);
    pool.add(master.createSlave(TASKS));
    expect((await pool.do('echo', 1)).value).to.equal(1);
  });

  it('expiry - jobs of a pool that never had a member get a NoSlaveError', async () => {
    expect(await rejection(master.createWorkpool({ refillTimeout: 10 }).do('id'))).to.be.an.instanceOf(NoSlaveError);
  });

  it('refillTimeout: 0 - jobs of an empty pool fail at once', async () => {
    const pool = master.createWorkpool({ refillTimeout: 0 });
    const job = rejection(pool.do('id'));
    expect(pool.waiting).to.equal(0);
    expect(await job).to.be.an.instanceOf(NoSlaveError);
  });

  it('timeout - a job may time out before refillTimeout', async () => {
    const pool = master.createWorkpool(master.createSlave(TASKS), { refillTimeout: Infinity });
    await pool.slaves[0].kill();
    expect((await pool.do('id', null, { timeout: 5 })).error).to.be.an.instanceOf(TimeoutError);
  });

  it('maxQueue - limits the jobs that wait for a member; with 0 none waits', async () => {
    const none = master.createWorkpool({ maxQueue: 0 });
    expect(await rejection(none.do('id'))).to.be.an.instanceOf(NoSlaveError);
    const pool = master.createWorkpool({ maxQueue: 1 });
    const job = pool.do('echo', 1);
    expect(await rejection(pool.do('echo', 2))).to.be.an.instanceOf(NoSlaveError);
    pool.add(master.createSlave(TASKS));
    expect((await job).value).to.equal(1);
  });

  it('exit - fails waiting jobs at once', async () => {
    const pool = master.createWorkpool({ refillTimeout: Infinity });
    const job = rejection(pool.do('id'));
    expect(await pool.exit()).to.deep.equal([]);
    expect(await job).to.be.an.instanceOf(NoSlaveError);
  });

  it('options - a refillTimeout that is no duration throws', () => {
    expect(() => master.createWorkpool({ refillTimeout: 'soon' })).to.throw(TypeError, 'refillTimeout');
  });
});
