import { expect } from 'chai';
import { Master, NoSlaveError, SlaveDiedError, SlaveExitedError, SpawnError, TimeoutError } from 'dist-io';
import { fixture } from '../support/fixture';

const TASKS = fixture('patterns/workpool-tasks.js');

describe('workpool: refillTimeout', () => {
  let master: Master;
  beforeEach(() => (master = new Master({ runtime: 'inline' })));
  afterEach(() => master.exit({ pending: 'abort' }));
  const failure = (promise: Promise<unknown>): Promise<unknown> => promise.then(() => undefined).catch((error: unknown) => error);

  it('death - jobs that wait when the last member dies are done by one that joins', async () => {
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

  it('death - a job with retries waits for a new member, too', async () => {
    const pool = master.createWorkpool(master.createSlave(TASKS, { runtime: 'thread' }));
    const job = pool.do('hold or die', 0, { retries: 1 });
    await new Promise((resolve) => pool.slaves[0].once('exit', resolve));
    const next = master.createSlave(TASKS);
    pool.add(next);
    await next.exec('release');
    expect(await job).to.include({ value: next.id, attempt: 2 });
  });

  it('start - jobs whose members do not start wait for one that does', async () => {
    const missing = master.createSlave('./no-such-file.js');
    const pool = master.createWorkpool(missing);
    const job = pool.do('id');
    expect(await failure(missing.ready())).to.be.an.instanceOf(SpawnError);
    const slave = master.createSlave(TASKS);
    pool.add(slave);
    expect((await job).value).to.equal(slave.id);
  });

  it('remove - jobs that wait when the last member is removed are done by the next', async () => {
    const [a, b] = master.createSlaves(2, TASKS);
    const pool = master.createWorkpool(a);
    pool.remove(a);
    const job = pool.do('id');
    pool.add(b);
    expect((await job).value).to.equal(b.id);
  });

  it('map, while - go on with a member that joins', async () => {
    const a = master.createSlave(TASKS);
    const pool = master.createWorkpool();
    const values = pool.map([1, 2, 3], 'echo');
    const first = values.next();
    const repeating = pool.while((i) => i < 3).do('echo', 'again');
    pool.add(a);
    expect((await first).value).to.equal(1);
    expect((await repeating).values).to.deep.equal(['again', 'again', 'again']);
    await values.return();
  });

  it('over - when nobody joins in time, all that waits gets the error of the last end, and what comes gets it at once', async () => {
    const a = master.createSlave(TASKS);
    const pool = master.createWorkpool(a, { refillTimeout: 10 });
    await a.kill();
    const errors = (await Promise.all([pool.do('id'), pool.do('id')])).map(({ error }) => error);
    for (const error of errors) expect(error).to.be.an.instanceOf(SlaveExitedError);
    const late = pool.do('id');
    expect(pool.waiting).to.equal(0);
    expect((await late).error).to.be.an.instanceOf(SlaveExitedError);
    pool.add(master.createSlave(TASKS));
    expect((await pool.do('echo', 1)).value).to.equal(1);
  });

  it('over - of a pool that never had a member, a NoSlaveError', async () => {
    expect(await failure(master.createWorkpool({ refillTimeout: 10 }).do('id'))).to.be.an.instanceOf(NoSlaveError);
  });

  it('0 - jobs of an empty pool fail at once', async () => {
    const pool = master.createWorkpool({ refillTimeout: 0 });
    const job = failure(pool.do('id'));
    expect(pool.waiting).to.equal(0);
    expect(await job).to.be.an.instanceOf(NoSlaveError);
  });

  it('timeout - of the job, ends the waiting earlier', async () => {
    const pool = master.createWorkpool(master.createSlave(TASKS), { refillTimeout: Infinity });
    await pool.slaves[0].kill();
    expect((await pool.do('id', null, { timeout: 5 })).error).to.be.an.instanceOf(TimeoutError);
  });

  it('maxQueue - bounds what waits for a member; 0 is nothing', async () => {
    const none = master.createWorkpool({ maxQueue: 0 });
    expect(await failure(none.do('id'))).to.be.an.instanceOf(NoSlaveError);
    const pool = master.createWorkpool({ maxQueue: 1 });
    const job = pool.do('echo', 1);
    expect(await failure(pool.do('echo', 2))).to.be.an.instanceOf(NoSlaveError);
    pool.add(master.createSlave(TASKS));
    expect((await job).value).to.equal(1);
  });

  it('exit - nobody is waited for after it', async () => {
    const pool = master.createWorkpool({ refillTimeout: Infinity });
    const job = failure(pool.do('id'));
    expect(await pool.exit()).to.deep.equal([]);
    expect(await job).to.be.an.instanceOf(NoSlaveError);
  });

  it('options - must be a duration', () => {
    expect(() => master.createWorkpool({ refillTimeout: 'soon' })).to.throw(TypeError, 'refillTimeout');
  });
});
