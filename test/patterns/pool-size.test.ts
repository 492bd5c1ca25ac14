import { expect } from 'chai';
import { Master, type PoolOptions, QueueFullError } from 'dist-io';
import { fixture } from '../support/fixture';
import { eventually } from '../support/eventually';

const FILE = fixture('restarting.js');

describe('pool: size', () => {
  const master = new Master({ runtime: 'thread' });
  after(() => master.exit({ pending: 'abort' }));

  it('growth - a slave is added for each waiting job, up to max', async () => {
    const pool = master.createPool({ min: 1, max: 3 }, FILE);
    expect(pool.slaves).to.have.length(1);
    await pool.slaves[0].ready();
    const first = pool.do('sleep', 300);
    expect(pool.slaves).to.have.length(1);
    const others = [1, 2, 3, 4].map(() => pool.do('sleep', 1));
    expect(pool.slaves).to.have.length(3);
    expect((await Promise.all([first, ...others])).every(({ ok }) => ok)).to.equal(true);
    await pool.exit();
  });

  it('growth - min may be 0, and max is the number of cores by default', async () => {
    const pool = master.createPool({ min: 0 }, FILE, { alias: 'grown' });
    expect(pool.slaves).to.have.length(0);
    expect((await pool.do('echo', 7)).value).to.equal(7);
    expect(pool.slaves.map(({ alias }) => alias)).to.deep.equal(['grown']);
    await pool.exit();
  });

  it('growth - jobs that slaves which are loading will take add no further slaves', async () => {
    const pool = master.createPool({ min: 0, max: 10 }, FILE, { concurrency: 4 });
    const jobs = Array.from({ length: 8 }, (_, i) => pool.do('echo', i));
    expect(pool.slaves).to.have.length(2);
    expect((await Promise.all(jobs)).map(({ value }) => value)).to.deep.equal([0, 1, 2, 3, 4, 5, 6, 7]);
    await pool.exit();
  });

  it('growth - maxQueue holds once there are max slaves', async () => {
    const pool = master.createPool({ min: 0, max: 2 }, FILE, { maxQueue: 0 });
    const jobs = [pool.do('sleep', 100), pool.do('sleep', 100)];
    expect((await pool.do('echo', 1)).error).to.be.an.instanceOf(QueueFullError);
    expect((await Promise.all(jobs)).every(({ ok }) => ok)).to.equal(true);
    await pool.exit();
  });

  it('idleTimeout - idle slaves are ended down to min, and come back with the next jobs', async () => {
    const pool = master.createPool({ min: 1, max: 3 }, FILE, { idleTimeout: 50 });
    const round = () => [1, 2, 3].map(() => pool.do('sleep', 20));
    await Promise.all(round());
    await eventually(() => pool.slaves.length === 1 && pool.health.status === 'ok');
    expect(pool.health).to.include({ status: 'ok', failing: 0 });
    const jobs = round();
    expect(pool.slaves).to.have.length(3);
    expect((await Promise.all(jobs)).every(({ ok }) => ok)).to.equal(true);
    await pool.exit();
  });

  it('idleTimeout - a slave with a long job is not idle', async () => {
    const pool = master.createPool({ min: 0, max: 2 }, FILE, { idleTimeout: 20 });
    const responses = await Promise.all([pool.do('sleep', 500), pool.do('sleep', 1)]);
    expect(responses.every(({ ok }) => ok)).to.equal(true);
    await eventually(() => pool.slaves.length === 0);
    expect((await pool.do('echo', 1)).value).to.equal(1);
    await pool.exit();
  });

  it('deaths - are replaced, and the pool never has more than max slaves', async () => {
    const pool = master.createPool({ min: 1, max: 2 }, FILE, { stderr: 'ignore' });
    const jobs = Array.from({ length: 20 }, (_, i) => (i % 5 === 4 ? pool.do('exit', 1) : pool.do('echo', i)));
    expect((await Promise.all(jobs)).filter(({ ok }) => ok)).to.have.length(16);
    expect(pool.slaves.length).to.be.within(1, 2);
    await pool.exit();
  });

  it('arguments - wrong ones throw at once, and no slave is created', () => {
    const before = master.slaves.length;
    for (const [size, options, words] of [
      [{ min: 2, max: 1 }, {}, 'max must be at least min'],
      [{ min: -1 }, {}, 'min must be'],
      [{ max: 0 }, {}, 'max must be'],
      [{ maxi: 1 }, {}, `Did you mean 'max'`],
      [2, { idleTimeout: '5s' }, 'idleTimeout needs'],
      [{ min: 1, max: 2 }, { idleTimeout: 'soon' }, 'idleTimeout must be'],
    ] as [never, PoolOptions, string][])
      expect(() => master.createPool(size, FILE, options)).to.throw(TypeError, words);
    expect(master.slaves.length).to.equal(before);
  });
});
