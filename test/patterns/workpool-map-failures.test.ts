import { expect } from 'chai';
import { Master, NoSlaveError, SerializationError, SlaveExitedError, type SlaveHandle } from 'dist-io';
import { alwaysRetry } from '../support/always-retry';
import { fixture } from '../support/fixture';
import { rejection } from '../support/rejection';
import { started } from './support/held-jobs';
import { iterationError } from './support/iteration-error';
import { Numbers } from './support/numbers';

const TASKS = fixture('patterns/workpool-tasks.js');

describe('workpool.map: end and failures', () => {
  let master: Master;
  let worker1: SlaveHandle, worker2: SlaveHandle;
  beforeEach(() => {
    master = new Master({ runtime: 'inline' });
    [worker1, worker2] = master.createSlaves(2, TASKS);
  });
  afterEach(() => master.exit({ pending: 'abort' }));

  for (const isAsync of [false, true]) {
    it(`break - aborts jobs in flight and closes ${isAsync ? 'an async' : 'a'} source`, async () => {
      const numbers = new Numbers(isAsync);
      const pool = master.createWorkpool(worker1, worker2);
      const values = pool.map(numbers, 'hold');
      const first = values.next();
      await started(worker2);
      await master.broadcast('release').to(worker1, worker2);
      for await (const value of { [Symbol.asyncIterator]: () => values }) {
        expect(value).to.equal(1);
        break;
      }
      expect((await first).value).to.equal(0);
      expect(numbers.closed).to.equal(1);
      // A running job keeps its member until it has stopped. One that was handed ahead may not have begun.
      expect(pool.running).to.be.within(1, 2);
      expect(pool.waiting).to.equal(0);
      await master.broadcast('release all').to(worker1, worker2);
      await pool.drain();
      expect([pool.running, pool.waiting]).to.deep.equal([0, 0]);
    });
  }

  it('break - aborts the signal of running tasks', async () => {
    const pool = master.createWorkpool(worker1, worker2);
    const values = pool.map(['a', 'b'], 'hold');
    const first = values.next();
    await worker1.exec('release');
    await first;
    await values.return();
    expect((await worker2.exec('aborted')).value).to.deep.equal(['b']);
  });

  it("break - does not wait for a source's pending next", async () => {
    let closed = false;
    const pool = master.createWorkpool(worker1, worker2);
    const values = pool.map(
      (async function* () {
        try {
          yield 1;
          await new Promise(() => undefined);
        } finally {
          closed = true;
        }
      })(),
      'echo',
    );
    expect((await values.next()).value).to.equal(1);
    await values.return();
    expect(closed).to.equal(false);
  });

  it('errors - of a task are thrown after the values of earlier items, and reading stops', async () => {
    const received: unknown[] = [];
    let closed = false;
    const source = function* (): Generator<number> {
      try {
        yield* [worker1.id, worker1.id, worker2.id, worker2.id, worker2.id];
        for (;;) yield worker1.id;
      } finally {
        closed = true;
      }
    };
    const pool = master.createWorkpool(worker1);
    const error = await iterationError(pool.map(source(), 'fail on', { concurrency: 1 }), received);
    expect(error).to.be.instanceOf(Error).and.to.have.property('message', `not on ${worker1.id}`);
    expect([received, closed]).to.deep.equal([[], true]);
    expect(await iterationError(pool.map([worker2.id, worker2.id, worker1.id, worker2.id], 'fail on'), received)).to.have.property(
      'message',
      `not on ${worker1.id}`,
    );
    expect(received).to.have.length(2);
    expect(pool.waiting).to.equal(0);
    await pool.drain();
    expect(pool.running).to.equal(0);
  });

  it('errors - throw with and without rejectOnError', async () => {
    const pool = master.createWorkpool(worker1);
    for (const rejectOnError of [true, false])
      expect(await iterationError(pool.map(['text'], 'fail', { metadata: { rejectOnError } }))).to.be.instanceOf(RangeError);
  });

  it('errors - an item that cannot be sent throws', async () => {
    const received: unknown[] = [];
    const values = master.createWorkpool(worker1, worker2).map([1, 2, { fn: () => 3 }, 4], 'echo');
    expect(await iterationError(values, received)).to.be.instanceOf(SerializationError);
    expect(received).to.deep.equal([1, 2]);
  });

  for (const isAsync of [false, true]) {
    it(`errors - of ${isAsync ? 'an async' : 'a'} source are thrown after the values of earlier items`, async () => {
      const received: unknown[] = [];
      const numbers = new Numbers(isAsync, 5);
      expect(await iterationError(master.createWorkpool(worker1, worker2).map(numbers, 'echo'), received)).to.be.instanceOf(RangeError);
      expect(received).to.deep.equal([0, 1, 2, 3, 4]);
      expect(numbers.closed).to.equal(0);
    });
  }

  it('errors - of closing the source are thrown unless there is an earlier error', async () => {
    const source = (): Iterable<number> => ({
      [Symbol.iterator]: () => ({
        next: () => ({ done: false, value: worker1.id }),
        return: () => {
          throw new TypeError('does not close');
        },
      }),
    });
    const pool = master.createWorkpool(worker1);
    const values = pool.map(source(), 'echo');
    await values.next();
    expect(await rejection(values.return())).to.be.instanceOf(TypeError);
    expect(await iterationError(pool.map(source(), 'fail on'))).to.have.property('message', `not on ${worker1.id}`);
  });

  it('errors - an empty or ended pool throws', async () => {
    const numbers = new Numbers();
    expect(await iterationError(master.createWorkpool({ refillTimeout: 0 }).map(numbers, 'echo'))).to.be.instanceOf(NoSlaveError);
    expect(numbers).to.include({ read: 1, closed: 1 });
    const pool = master.createWorkpool(worker1);
    await pool.exit();
    expect(await iterationError(pool.map(numbers, 'echo'))).to.be.instanceOf(SlaveExitedError);
  });

  it('exit - of the pool ends the map with an error', async () => {
    const pool = master.createWorkpool(worker1);
    const values = pool.map(new Numbers(), 'echo');
    await values.next();
    const exiting = pool.exit();
    expect(await iterationError(values)).to.be.instanceOf(SlaveExitedError);
    await exiting;
  });

  it('members - the map goes on until the last member dies', async () => {
    const threads = master.createSlaves(2, TASKS, { runtime: 'thread' });
    const pool = master.createWorkpool(...threads, { refillTimeout: 0 });
    const values = pool.map(new Numbers(), 'echo', { metadata: { retries: alwaysRetry(1) } });
    for (let i = 0; i < 10; i++) expect((await values.next()).value).to.equal(i);
    await threads[0].exec('die');
    for (let i = 10; i < 20; i++) expect((await values.next()).value).to.equal(i);
    await threads[1].exec('die');
    expect(await iterationError(values))
      .to.have.property('code')
      .that.matches(/^(SLAVE_DIED|POISON_TASK)$/);
  });
});
