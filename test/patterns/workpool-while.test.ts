import { expect } from 'chai';
import { Master, NoSlaveError, SlaveExitedError, type SlaveHandle } from 'dist-io';
import { fixture } from '../support/fixture';
import { rejection } from '../support/rejection';
import { createBusyPool } from './support/held-jobs';

const TASKS = fixture('patterns/workpool-tasks.js');

describe('workpool: while', () => {
  let master: Master;
  let worker1: SlaveHandle, worker2: SlaveHandle, worker3: SlaveHandle;
  beforeEach(() => {
    master = new Master({ runtime: 'inline' });
    [worker1, worker2, worker3] = master.createSlaves(3, TASKS);
  });
  afterEach(() => master.exit({ pending: 'abort' }));

  it('while - executes as long as the condition is true', async () => {
    const asked: number[] = [];
    const responses = await master
      .createWorkpool(worker1, worker2)
      .while((i) => asked.push(i) <= 5)
      .do('echo', 7);
    expect(responses.values).to.deep.equal([7, 7, 7, 7, 7]);
    expect(responses.sum).to.equal(35);
    expect(asked).to.deep.equal([0, 1, 2, 3, 4, 5]);
  });

  it('while - the condition gets the responses so far; the result is in the order of the starts', async () => {
    const pool = master.createWorkpool(worker1, worker2);
    const seen: unknown[] = [];
    const repeating = pool
      .while((i, responses) => {
        seen.push(responses.map(({ from }) => from));
        return i < 3;
      })
      .do('hold', 'data');
    await worker2.exec('release');
    await worker2.exec('release');
    await worker1.exec('release');
    expect((await repeating).map(({ from }) => from)).to.deep.equal([worker1.id, worker2.id, worker2.id]);
    expect(seen).to.deep.equal([[], [], [worker2.id], [worker2.id, worker2.id]]);
  });

  it('while - starts no more jobs than the members can run', async () => {
    const pool = master.createWorkpool(worker1, worker2, { concurrency: 2 });
    const repeating = pool.while((i) => i < 100).do('hold');
    expect(pool).to.include({ running: 4, waiting: 0 });
    pool.add(worker3);
    expect(pool).to.include({ running: 6, waiting: 0 });
    await pool.exit({ pending: 'abort' });
    expect(await repeating).to.have.length(6);
  });

  it('while - may execute nothing', async () => {
    const responses = await master
      .createWorkpool(worker1)
      .while(() => false)
      .do('echo');
    expect(responses).to.have.length(0);
  });

  it('while - errors are among the responses, or reject with rejectOnError', async () => {
    const repeat = master.createWorkpool(worker1).while((_, { errors }) => errors.length < 2);
    expect((await repeat.do('fail', 'text')).errors.map(({ message }) => message)).to.deep.equal(['text', 'text']);
    const error = await rejection(repeat.do('fail', 'text', { rejectOnError: true }));
    expect(error).to.be.instanceOf(RangeError);
  });

  it('while - ends when no member is left', async () => {
    const pool = master.createWorkpool(worker1, worker2, { refillTimeout: 0 });
    const repeating = pool.while(() => true).do('hold');
    await Promise.all([worker1.kill(), worker2.kill()]);
    const responses = await repeating;
    expect(responses.errors).to.have.length(responses.length);
    const again = await pool.while(() => true).do('hold');
    expect(again.errors[0]).to.be.instanceOf(SlaveExitedError);
    const none = await master
      .createWorkpool({ refillTimeout: 0 })
      .while(() => true)
      .do('hold')
      .catch((error: unknown) => error);
    expect(none).to.be.instanceOf(NoSlaveError);
  });

  it('while - waits for room in the queue', async () => {
    const { pool, first } = createBusyPool(master, worker1, { maxQueue: 0 });
    const repeating = pool.while((i) => i < 3).do('echo', 1);
    await worker1.exec('release');
    await first;
    expect((await repeating).values).to.deep.equal([1, 1, 1]);
  });

  it('while - rejects with the error of the condition', async () => {
    const pool = master.createWorkpool(worker1);
    const repeating = pool
      .while((i) => {
        if (i === 2) throw new RangeError('no more');
        return true;
      })
      .do('echo');
    expect(await rejection(repeating)).to.be.instanceOf(RangeError);
    await pool.drain();
  });
});
