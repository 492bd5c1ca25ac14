import { availableParallelism } from 'node:os';
import { pathToFileURL } from 'node:url';
import { expect } from 'chai';
import { Master, type PoolOptions } from 'dist-io';
import { fixture } from '../support/fixture';

const TASKS = fixture('patterns/workpool-tasks.js');

describe('createPool', () => {
  let master: Master;
  beforeEach(() => (master = new Master({ runtime: 'inline' })));
  afterEach(() => master.exit({ pending: 'abort' }));

  it('createPool - creates its slaves, and exit ends them', async () => {
    const pool = master.createPool(3, TASKS, { alias: 'worker', group: 'workers' });
    expect(pool.slaves.map(({ alias, group }) => [alias, group])).to.deep.equal([
      ['worker', 'workers'],
      ['worker-1', 'workers'],
      ['worker-2', 'workers'],
    ]);
    const jobs = [1, 2, 3, 4, 5].map((i) => pool.do('echo', i));
    expect((await Promise.all(jobs)).map(({ value }) => value)).to.deep.equal([1, 2, 3, 4, 5]);
    expect(await pool.exit()).to.have.length(3);
    expect(master.slaves.length).to.equal(0);
  });

  it('count - may be omitted: as many as the program may use cores', () => {
    expect(master.createPool(TASKS).slaves).to.have.length(availableParallelism());
    expect(master.createPool(pathToFileURL(TASKS), { maxQueue: 1 }).slaves).to.have.length(availableParallelism());
  });

  it('options - are those of the slaves and those of the pool; concurrency is that of the pool', async () => {
    const pool = master.createPool(1, TASKS, { concurrency: 2, maxQueue: 0, timeout: '1m', rejectOnError: true });
    const holding = [pool.do('hold'), pool.do('hold')];
    expect(pool.running).to.equal(2);
    expect(pool.slaves[0]).to.include({ timeout: 60_000, rejectOnError: true, running: 2 });
    expect(await pool.do('hold').catch((error: unknown) => error)).to.have.property('code', 'QUEUE_FULL');
    await pool.slaves[0].exec('release all');
    await Promise.all(holding);
  });

  it('static - Master has it too', async () => {
    const pool = Master.createPool(1, TASKS, { runtime: 'inline' });
    expect((await pool.do('echo', 1)).value).to.equal(1);
    await pool.exit();
  });

  it('arguments - wrong ones throw at once, and then no slave is created', () => {
    for (const count of [0, -1, 1.5, '2', { min: 4, max: 1 }, NaN, null] as never[])
      expect(() => master.createPool(count, TASKS)).to.throw(TypeError);
    expect(() => master.createPool(2, undefined as never)).to.throw(TypeError);
    expect(() => master.createPool(TASKS, 2 as never)).to.throw(TypeError, `before the file: createPool(2, '`);
    expect(() => master.createPool(2, TASKS, { maxQueu: 1 } as PoolOptions)).to.throw(TypeError, `Did you mean 'maxQueue'?`);
    expect(() => master.createPool(2, TASKS, { aliass: 'x' } as PoolOptions)).to.throw(TypeError, `Did you mean 'alias'?`);
    for (const options of [{ maxQueue: -1 }, { concurrency: 0 }, { runtime: 'cluster' }, { refillTimeout: 'soon' }] as never[])
      expect(() => master.createPool(2, TASKS, options)).to.throw(TypeError, Object.keys(options)[0]);
    expect(master.slaves.length).to.equal(0);
  });
});
