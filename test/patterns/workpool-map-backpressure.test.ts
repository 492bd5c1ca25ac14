import { expect } from 'chai';
import { Master, type SlaveHandle } from 'dist-io';
import { fixture } from '../support/fixture';
import { Numbers } from './support/numbers';

const TASKS = fixture('patterns/workpool-tasks.js');

describe('workpool.map: concurrency and backpressure', () => {
  let master: Master;
  let worker1: SlaveHandle, worker2: SlaveHandle;
  beforeEach(() => {
    master = new Master({ runtime: 'inline' });
    [worker1, worker2] = master.createSlaves(2, TASKS);
  });
  afterEach(() => master.exit({ pending: 'abort' }));

  it('start - nothing runs before the first next', async () => {
    const numbers = new Numbers();
    const values = master.createWorkpool(worker1).map(numbers, 'echo');
    expect(numbers.read).to.equal(0);
    await values.return();
    expect(numbers).to.include({ read: 0, closed: 0 });
  });

  it('default - one job runs and one waits per member', async () => {
    const numbers = new Numbers();
    const pool = master.createWorkpool(worker1, worker2);
    const values = pool.map(numbers, 'hold');
    const first = values.next();
    expect([numbers.read, pool.running, pool.waiting]).to.deep.equal([4, 2, 2]);
    await worker1.exec('release');
    await first;
    await values.return();
  });

  it('concurrency - limits the items in flight', async () => {
    const pool = master.createWorkpool(worker1, worker2);
    const values = pool.map(new Numbers(), 'hold', { concurrency: 1 });
    const first = values.next();
    expect(pool).to.include({ running: 1, waiting: 0 });
    await worker1.exec('release');
    await first;
    expect(pool).to.include({ running: 1, waiting: 0 });
    await values.return();
  });

  it('concurrency - grows with the pool', async () => {
    const pool = master.createWorkpool(worker1);
    const values = pool.map(new Numbers(), 'hold');
    const first = values.next();
    pool.add(worker2);
    expect(pool).to.include({ running: 2, waiting: 2 });
    await worker1.exec('release');
    await first;
    await values.return();
  });

  for (const isAsync of [false, true]) {
    for (const ordered of [true, false]) {
      it(`backpressure - ${isAsync ? 'an async' : 'a'} source is not read ahead of the consumer, ordered: ${ordered}`, async () => {
        const numbers = new Numbers(isAsync);
        const pool = master.createWorkpool(worker1, worker2);
        const values = pool.map(numbers, 'echo', { ordered, concurrency: 3 });
        for (let taken = 1; taken <= 100; taken++) {
          await values.next();
          await pool.drain();
          expect(numbers.read).to.be.within(taken, taken + 24);
        }
        expect(numbers.read).to.be.above(100);
        await values.return();
      });
    }
  }

  it('backpressure - with ordered: true a slow item stops the source', async () => {
    const numbers = new Numbers();
    const pool = master.createWorkpool(worker1, worker2, { concurrency: 4 });
    const holding = worker2.exec('hold', 'b');
    const values = pool.map(
      (function* () {
        yield { hold: true };
        yield* numbers;
      })(),
      'echo or hold',
      { concurrency: 4 },
    );
    const first = values.next();
    for (let last = -1; last < numbers.read;) {
      last = numbers.read;
      await worker1.exec('begun');
      await worker2.exec('begun');
    }
    expect(numbers.read).to.equal(31);
    await master.broadcast('release').to(worker1, worker2);
    await Promise.all([first, holding]);
    await values.return();
  });

  it('maxQueue - map waits for room in the queue', async () => {
    const pool = master.createWorkpool(worker1, { maxQueue: 1 });
    const holding = [pool.do('hold'), pool.do('hold')];
    const numbers = new Numbers();
    const values = pool.map(numbers, 'echo', { concurrency: 4 });
    const first = values.next();
    expect([numbers.read, pool.waiting]).to.deep.equal([0, 1]);
    await worker1.exec('release');
    await holding[0];
    expect([numbers.read, pool.waiting]).to.deep.equal([1, 1]);
    await worker1.exec('release');
    expect((await first).value).to.equal(0);
    await values.return();
  });
});
