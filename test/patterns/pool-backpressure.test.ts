import { expect } from 'chai';
import { Master, SlaveExitedError, type WorkpoolOptions } from 'dist-io';
import { fixture } from '../support/fixture';

describe('pool: backpressure', () => {
  const master = new Master({ runtime: 'thread' });
  after(() => master.exit({ pending: 'abort' }));
  const create = (options: WorkpoolOptions & { maxPendingBytes?: number }) => master.createPool(2, fixture('ending.js'), options);

  it('writable - is false while maxQueue jobs wait, and drained waits for room', async () => {
    const pool = create({ maxQueue: 1 });
    await Promise.all(pool.slaves.map((slave) => slave.ready()));
    const jobs = [1, 2, 3].map(() => pool.do('a moment'));
    expect(pool.writable).to.equal(false);
    await pool.drained();
    expect(pool.writable).to.equal(true);
    expect((await Promise.all(jobs)).map(({ value }) => value)).to.deep.equal(['done', 'done', 'done']);
    await pool.exit();
  });

  it('drained - a loop that waits for it is never refused', async () => {
    const pool = create({ maxQueue: 3 });
    const jobs: Promise<{ error: unknown }>[] = [];
    for (let i = 0; i < 500; i++) {
      if (!pool.writable) await pool.drained();
      jobs.push(pool.do('echo', i));
    }
    const responses = await Promise.all(jobs);
    expect(responses.filter(({ error }) => error !== null)).to.deep.equal([]);
    await pool.exit();
  });

  it('drained - resolves when the pool exits, and the next job tells why', async () => {
    const pool = create({ maxQueue: 0 });
    await Promise.all(pool.slaves.map((slave) => slave.ready()));
    const jobs = [1, 2].map(() => pool.do('wait'));
    const drained = pool.drained();
    await Promise.all([drained, pool.exit({ pending: 'abort' })]);
    expect(pool.writable).to.equal(false);
    expect((await pool.do('echo')).error).to.be.an.instanceOf(SlaveExitedError);
    await Promise.all(jobs);
  });

  it('maxPendingBytes - jobs wait in the queue while the members are full, and none is refused', async () => {
    const pool = create({ concurrency: 10, maxPendingBytes: 1000 });
    const jobs = Array.from({ length: 20 }, () => pool.do('a moment', 'x'.repeat(1000)));
    expect((await Promise.all(jobs)).map(({ value }) => value)).to.deep.equal(jobs.map(() => 'done'));
    expect(pool.slaves.map(({ writable }) => writable)).to.deep.equal([true, true]);
    await pool.exit();
  });
});
