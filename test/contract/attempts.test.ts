import { once } from 'node:events';
import { expect } from 'chai';
import { SlaveDiedError, SlaveExitedError, TimeoutError } from 'dist-io';
import { alwaysRetry } from '../support/always-retry';
import { contract } from './runtimes';

contract('attempts', (suite) => {
  const create = (options = {}) => suite.createSlave('attempts.js', options);

  /** The next time that the master has sent this task. */
  const sent = async (slave: ReturnType<typeof create>, name: string): Promise<void> => {
    for (;;) if (((await once(slave, 'request')) as [string])[0] === name) return;
  };

  suite.it('attempts - a task that threw and was ended in its second attempt: the cause is what it threw', async () => {
    const slave = create();
    await slave.ready();
    const first = sent(slave, 'throw, then hold');
    const call = slave.exec('throw, then hold', null, { retries: alwaysRetry(1) });
    await first;
    await sent(slave, 'throw, then hold');
    await slave.kill();
    const { error, attempt } = await call;
    expect(error).to.be.an.instanceOf(SlaveExitedError).with.property('mayHaveExecuted', true);
    expect(error).to.have.nested.property('cause.message', 'the first attempt');
    expect(attempt).to.equal(2);
  });

  suite.it('attempts - a task that threw and ended before its second attempt was sent may have executed', async () => {
    const slave = create({ concurrency: 1 });
    await slave.ready();
    const call = slave.exec('throw, then hold', null, { retries: alwaysRetry(1) });
    // Gets the place of the first attempt; the second waits behind it.
    void slave.exec('hold');
    await sent(slave, 'hold');
    await slave.kill();
    const { error } = await call;
    expect(error).to.be.an.instanceOf(SlaveExitedError).with.property('mayHaveExecuted', true);
    expect(error).to.have.nested.property('cause.message', 'the first attempt');
  });

  suite.it('attempts - a task that threw and then takes too long: the cause is what it threw', async () => {
    const slave = create();
    await slave.ready();
    const { error } = await slave.exec('throw, then hold', null, { retries: alwaysRetry(1), timeout: 200 });
    expect(error).to.be.an.instanceOf(TimeoutError).with.nested.property('cause.message', 'the first attempt');
  });

  suite.it(
    'attempts - a task that threw and then ended its slave: the cause is what it threw',
    async () => {
      const { error } = await create().exec('throw, then exit', 3, { retries: alwaysRetry(1) });
      expect(error).to.be.an.instanceOf(SlaveDiedError).that.includes({ exitCode: 3, mayHaveExecuted: true });
      expect(error).to.have.nested.property('cause.message', 'the first attempt');
    },
    { except: { inline: 'process.exit() would end this process' } },
  );

  suite.it('attempts - an error without earlier attempts has no cause of theirs', async () => {
    const slave = create();
    const call = slave.exec('hold', null, { retries: 1 });
    await slave.ready();
    await slave.kill();
    const { error } = await call;
    expect(error).to.be.an.instanceOf(SlaveExitedError);
    expect(error?.cause).to.equal(undefined);
  });

  suite.it('attempts - a workpool whose second member ends before it gets the job: what the first threw is reported', async () => {
    const [one, other] = [create(), create({ concurrency: 1 })];
    await Promise.all([one.ready(), other.ready()]);
    void other.exec('hold');
    const pool = suite.master.createWorkpool(one, other, { refillTimeout: 0 });
    const call = pool.do('throw', 'on the first member', { retries: alwaysRetry(1), timeout: '1h' });
    while (other.pending < 2) await new Promise(setImmediate);
    void one.kill();
    await other.kill();
    const { error } = await call;
    expect(error).to.have.property('message', 'on the first member');
  });

  suite.it('attempts - a closed workpool: a job that has thrown and waits for another member may have executed', async () => {
    const [one, other] = [create(), create()];
    await Promise.all([one.ready(), other.ready()]);
    const pool = suite.master.createWorkpool(one, other);
    const held = pool.do('hold');
    const failed = once(one.running === 1 ? other : one, 'response');
    const call = pool.do('throw', 'once', { retries: alwaysRetry(1) });
    await failed;
    void pool.exit({ pending: 'abort' });
    const { error } = await call;
    expect(error).to.be.an.instanceOf(SlaveExitedError).with.property('mayHaveExecuted', true);
    expect(error).to.have.nested.property('cause.message', 'once');
    await Promise.all([one.kill(), other.kill()]);
    await held;
  });

  suite.it('full member - a retry goes to a member with room', async () => {
    const slaves = [create(), create({ maxPending: 1 }), create()];
    await Promise.all(slaves.map((slave) => slave.ready()));
    const [one, full, other] = slaves;
    void full.exec('hold');
    const pool = suite.master.createWorkpool(one, full, other);
    const responses = [];
    for (let i = 0; i < 6; i++) responses.push(await pool.do('throw on', one.id, { retries: alwaysRetry(1) }));
    expect(responses.map(({ value }) => value)).to.deep.equal(Array(6).fill(other.id));
    await Promise.all(slaves.map((slave) => slave.kill()));
  });

  suite.it('full member - when no other has room, the one that failed is tried again', async () => {
    const [one, full] = [create(), create({ maxPending: 1 })];
    await Promise.all([one.ready(), full.ready()]);
    void full.exec('hold');
    const pool = suite.master.createWorkpool(one, full);
    expect((await pool.do('throw, then answer', null, { retries: alwaysRetry(1) })).value).to.equal(`slave ${one.id}, attempt 2`);
    await Promise.all([one.kill(), full.kill()]);
  });

  suite.it('full member - when nobody has room for a retry, what the task threw is reported', async () => {
    const [one, full] = [create({ maxPending: 1 }), create({ maxPending: 1 })];
    await Promise.all([one.ready(), full.ready()]);
    void full.exec('hold');
    const pool = suite.master.createWorkpool(one, full);
    one.once('response', () => void one.exec('hold'));
    const { error, attempt, from } = await pool.do('throw', 'its own error', { retries: alwaysRetry(1) });
    expect(error).to.have.property('message', 'its own error');
    expect([attempt, from]).to.deep.equal([1, one.id]);
    await Promise.all([one.kill(), full.kill()]);
  });

  suite.it('full member - a job waits for a member that is full of jobs of the pool', async () => {
    const slave = create({ maxPending: 2 });
    const pool = suite.master.createWorkpool(slave, { concurrency: 4 });
    const responses = await Promise.all(Array.from({ length: 6 }, (_, i) => pool.do('echo', i)));
    expect(responses.map(({ value }) => value)).to.deep.equal([0, 1, 2, 3, 4, 5]);
    await slave.kill();
  });
});
