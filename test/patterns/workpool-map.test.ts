import { getEventListeners } from 'node:events';
import { Readable } from 'node:stream';
import { expect } from 'chai';
import { AbortError, Master, NoSlaveError, SerializationError, SlaveExitedError, TimeoutError } from 'dist-io';
import type { SlaveHandle, WorkpoolMapOptions } from 'dist-io';
import { alwaysRetry } from '../support/always-retry';
import { fixture } from '../support/fixture';
import { rejection } from '../support/rejection';

const TASKS = fixture('patterns/workpool-tasks.js');

describe('workpool: map', () => {
  let master: Master;
  let a: SlaveHandle, b: SlaveHandle;
  beforeEach(() => {
    master = new Master({ runtime: 'inline' });
    [a, b] = master.createSlaves(2, TASKS);
  });
  afterEach(() => master.exit({ pending: 'abort' }));

  const begun = async (slave: SlaveHandle): Promise<unknown> => (await slave.exec('begun')).value;
  const all = async (values: AsyncIterable<unknown>): Promise<unknown[]> => {
    const seen = [];
    for await (const value of values) seen.push(value);
    return seen;
  };
  const failure = async (values: AsyncIterable<unknown>, seen: unknown[] = []): Promise<unknown> => {
    try {
      for await (const value of values) seen.push(value);
    } catch (error) {
      return error;
    }
    throw new Error('It should have thrown.');
  };

  /** Without an end; knows how far it was read, and whether it was closed. */
  class Numbers {
    read = 0;
    closed = 0;
    constructor(
      readonly isAsync = false,
      readonly failAt = Infinity,
    ) {}

    [Symbol.iterator](): Iterator<number> {
      return this.iterator() as Iterator<number>;
    }

    get [Symbol.asyncIterator](): (() => AsyncIterator<number>) | undefined {
      return this.isAsync ? () => this.iterator() as AsyncIterator<number> : undefined;
    }

    private iterator(): object {
      const next = (): IteratorResult<number> => {
        if (this.read === this.failAt) throw new RangeError('dry');
        return { done: false, value: this.read++ };
      };
      const close = (): IteratorResult<number> => ({ done: true, value: this.closed++ });
      // eslint-disable-next-line @typescript-eslint/require-await -- what throws shall reject
      return this.isAsync ? { next: async () => next(), return: async () => close() } : { next, return: close };
    }
  }

  describe('values', () => {
    const sources: Record<string, () => Iterable<unknown> | AsyncIterable<unknown>> = {
      array: () => [1, 2, 3, 4, 5, 6, 7],
      set: () => new Set([1, 2, 3, 4, 5, 6, 7]),
      generator: function* () {
        for (let i = 1; i <= 7; i++) yield i;
      },
      'async generator': async function* () {
        for (let i = 1; i <= 7; i++) yield await Promise.resolve(i);
      },
      stream: () => Readable.from([1, 2, 3, 4, 5, 6, 7]),
    };
    for (const [name, source] of Object.entries(sources)) {
      it(`source - may be ${name}`, async () => {
        const values = await all(master.createWorkpool(a, b).map(source(), 'echo'));
        expect(values).to.deep.equal([1, 2, 3, 4, 5, 6, 7]);
      });
    }

    it('source - may be empty', async () => {
      expect(await all(master.createWorkpool(a).map([], 'echo'))).to.deep.equal([]);
    });

    it('values - may be undefined', async () => {
      const values = await all(master.createWorkpool(a).map([undefined, null], 'echo'));
      expect(values).to.deep.equal([undefined, null]);
    });

    it('ordered - yields the values in the order of the items', async () => {
      const values = master.createWorkpool(a, b).map(['a', 'b', 'c', 'd'], 'hold');
      const allOfThem = all(values);
      for (let i = 0; i < 3; i++) await b.exec('release');
      expect(await begun(b)).to.deep.equal(['b', 'c', 'd']);
      await a.exec('release');
      expect(await allOfThem).to.deep.equal(['a', 'b', 'c', 'd']);
    });

    it('ordered: false - yields the values as they arrive', async () => {
      const values = master.createWorkpool(a, b).map(['a', 'b', 'c'], 'hold', { ordered: false });
      const first = values.next();
      await b.exec('release');
      expect((await first).value).to.equal('b');
      const second = values.next();
      await b.exec('release');
      expect((await second).value).to.equal('c');
      const third = values.next();
      await a.exec('release');
      expect((await third).value).to.equal('a');
      expect((await values.next()).done).to.equal(true);
    });

    it('pool - executes other jobs and several maps at the same time', async () => {
      const pool = master.createWorkpool(a, b);
      const [one, other, response] = await Promise.all([
        all(pool.map([1, 2, 3], 'echo')),
        all(pool.map([4, 5, 6], 'echo')),
        pool.do('echo', 7),
      ]);
      expect([one, other, response.value]).to.deep.equal([[1, 2, 3], [4, 5, 6], 7]);
    });

    it('metadata - are sent with every item', async () => {
      const values = master.createWorkpool(a, b).map([1, 2], 'metadata', { metadata: { color: 'red', priority: 1, timeout: '5s' } });
      expect(await all(values)).to.deep.equal([{ color: 'red' }, { color: 'red' }]);
    });

    it('retries - apply to each item', async () => {
      const values = master.createWorkpool(a, b).map([2, 2, 2], 'fail before', { metadata: { retries: alwaysRetry(1) } });
      expect(await all(values)).to.have.length(3);
    });
  });

  describe('concurrency and backpressure', () => {
    it('start - nothing runs before the first next', async () => {
      const numbers = new Numbers();
      const values = master.createWorkpool(a).map(numbers, 'echo');
      expect(numbers.read).to.equal(0);
      await values.return();
      expect(numbers).to.include({ read: 0, closed: 0 });
    });

    it('default - one job runs and one waits per member', async () => {
      const numbers = new Numbers();
      const pool = master.createWorkpool(a, b);
      const values = pool.map(numbers, 'hold');
      const first = values.next();
      expect([numbers.read, pool.running, pool.waiting]).to.deep.equal([4, 2, 2]);
      await a.exec('release');
      await first;
      await values.return();
    });

    it('concurrency - limits the items in flight', async () => {
      const pool = master.createWorkpool(a, b);
      const values = pool.map(new Numbers(), 'hold', { concurrency: 1 });
      const first = values.next();
      expect(pool).to.include({ running: 1, waiting: 0 });
      await a.exec('release');
      await first;
      expect(pool).to.include({ running: 1, waiting: 0 });
      await values.return();
    });

    it('concurrency - grows with the pool', async () => {
      const pool = master.createWorkpool(a);
      const values = pool.map(new Numbers(), 'hold');
      const first = values.next();
      pool.add(b);
      expect(pool).to.include({ running: 2, waiting: 2 });
      await a.exec('release');
      await first;
      await values.return();
    });

    for (const isAsync of [false, true]) {
      for (const ordered of [true, false]) {
        it(`backpressure - ${isAsync ? 'an async' : 'a'} source is not read ahead of the consumer, ordered: ${ordered}`, async () => {
          const numbers = new Numbers(isAsync);
          const pool = master.createWorkpool(a, b);
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
      const pool = master.createWorkpool(a, b, { concurrency: 4 });
      const holding = b.exec('hold', 'b');
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
        await a.exec('begun');
        await b.exec('begun');
      }
      expect(numbers.read).to.equal(31);
      await master.broadcast('release').to(a, b);
      await Promise.all([first, holding]);
      await values.return();
    });

    it('maxQueue - map waits for room in the queue', async () => {
      const pool = master.createWorkpool(a, { maxQueue: 1 });
      const holding = [pool.do('hold'), pool.do('hold')];
      const numbers = new Numbers();
      const values = pool.map(numbers, 'echo', { concurrency: 4 });
      const first = values.next();
      expect([numbers.read, pool.waiting]).to.deep.equal([0, 1]);
      await a.exec('release');
      await holding[0];
      expect([numbers.read, pool.waiting]).to.deep.equal([1, 1]);
      await a.exec('release');
      expect((await first).value).to.equal(0);
      await values.return();
    });
  });

  describe('end and errors', () => {
    for (const isAsync of [false, true]) {
      it(`break - aborts jobs in flight and closes ${isAsync ? 'an async' : 'a'} source`, async () => {
        const numbers = new Numbers(isAsync);
        const pool = master.createWorkpool(a, b);
        const values = pool.map(numbers, 'hold');
        const first = values.next();
        await begun(b);
        await master.broadcast('release').to(a, b);
        for await (const value of { [Symbol.asyncIterator]: () => values }) {
          expect(value).to.equal(1);
          break;
        }
        expect((await first).value).to.equal(0);
        expect(numbers.closed).to.equal(1);
        // What was begun keeps its member until it has stopped.
        expect([pool.running, pool.waiting]).to.deep.equal([2, 0]);
        await master.broadcast('release all').to(a, b);
        await pool.drain();
        expect([pool.running, pool.waiting]).to.deep.equal([0, 0]);
      });
    }

    it('break - aborts the signal of running tasks', async () => {
      const pool = master.createWorkpool(a, b);
      const values = pool.map(['a', 'b'], 'hold');
      const first = values.next();
      await a.exec('release');
      await first;
      await values.return();
      expect((await b.exec('aborted')).value).to.deep.equal(['b']);
    });

    it("break - does not wait for a source's pending next", async () => {
      let closed = false;
      const pool = master.createWorkpool(a, b);
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
      const seen: unknown[] = [];
      let closed = false;
      const source = function* (): Generator<number> {
        try {
          yield* [a.id, a.id, b.id, b.id, b.id];
          for (;;) yield a.id;
        } finally {
          closed = true;
        }
      };
      const pool = master.createWorkpool(a);
      const error = await failure(pool.map(source(), 'fail on', { concurrency: 1 }), seen);
      expect(error).to.be.instanceOf(Error).and.to.have.property('message', `not on ${a.id}`);
      expect([seen, closed]).to.deep.equal([[], true]);
      expect(await failure(pool.map([b.id, b.id, a.id, b.id], 'fail on'), seen)).to.have.property('message', `not on ${a.id}`);
      expect(seen).to.have.length(2);
      expect(pool.waiting).to.equal(0);
      await pool.drain();
      expect(pool.running).to.equal(0);
    });

    it('errors - throw with and without rejectOnError', async () => {
      const pool = master.createWorkpool(a);
      for (const rejectOnError of [true, false])
        expect(await failure(pool.map(['text'], 'fail', { metadata: { rejectOnError: rejectOnError } }))).to.be.instanceOf(RangeError);
    });

    it('errors - an item that cannot be sent throws', async () => {
      const seen: unknown[] = [];
      const values = master.createWorkpool(a, b).map([1, 2, { fn: () => 3 }, 4], 'echo');
      expect(await failure(values, seen)).to.be.instanceOf(SerializationError);
      expect(seen).to.deep.equal([1, 2]);
    });

    for (const isAsync of [false, true]) {
      it(`errors - of ${isAsync ? 'an async' : 'a'} source are thrown after the values of earlier items`, async () => {
        const seen: unknown[] = [];
        const numbers = new Numbers(isAsync, 5);
        expect(await failure(master.createWorkpool(a, b).map(numbers, 'echo'), seen)).to.be.instanceOf(RangeError);
        expect(seen).to.deep.equal([0, 1, 2, 3, 4]);
        expect(numbers.closed).to.equal(0);
      });
    }

    it('errors - of closing the source are thrown unless there is an earlier error', async () => {
      const source = (): Iterable<number> => ({
        [Symbol.iterator]: () => ({
          next: () => ({ done: false, value: a.id }),
          return: () => {
            throw new TypeError('does not close');
          },
        }),
      });
      const pool = master.createWorkpool(a);
      const values = pool.map(source(), 'echo');
      await values.next();
      expect(await rejection(values.return())).to.be.instanceOf(TypeError);
      expect(await failure(pool.map(source(), 'fail on'))).to.have.property('message', `not on ${a.id}`);
    });

    it('errors - an empty or ended pool throws', async () => {
      const numbers = new Numbers();
      expect(await failure(master.createWorkpool({ refillTimeout: 0 }).map(numbers, 'echo'))).to.be.instanceOf(NoSlaveError);
      expect(numbers).to.include({ read: 1, closed: 1 });
      const pool = master.createWorkpool(a);
      await pool.exit();
      expect(await failure(pool.map(numbers, 'echo'))).to.be.instanceOf(SlaveExitedError);
    });

    it('exit - of the pool ends the map with an error', async () => {
      const pool = master.createWorkpool(a);
      const values = pool.map(new Numbers(), 'echo');
      await values.next();
      const exiting = pool.exit();
      expect(await failure(values)).to.be.instanceOf(SlaveExitedError);
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
      expect(await failure(values)).to.have.property('code', 'SLAVE_DIED');
    });
  });

  describe('limits of a run', () => {
    it('signal - an abort ends the map at once', async () => {
      const controller = new AbortController();
      const numbers = new Numbers();
      const pool = master.createWorkpool(a, b);
      const ending = failure(pool.map(numbers, 'hold', { signal: controller.signal }));
      await begun(b);
      controller.abort('enough');
      expect(await ending)
        .to.be.instanceOf(AbortError)
        .and.to.include({ reason: 'enough' });
      expect(numbers.closed).to.equal(1);
      expect([pool.running, pool.waiting]).to.deep.equal([2, 0]);
      expect(getEventListeners(controller.signal, 'abort')).to.have.length(0);
    });

    it("signal - an abort ends the map during the source's pending next", async () => {
      const controller = new AbortController();
      const silent = { [Symbol.asyncIterator]: () => ({ next: () => new Promise<never>(() => undefined) }) };
      const ending = failure(master.createWorkpool(a).map(silent, 'echo', { signal: controller.signal }));
      controller.abort();
      expect(await ending).to.be.instanceOf(AbortError);
    });

    it('signal - with an aborted signal nothing is read', async () => {
      const numbers = new Numbers();
      const options: WorkpoolMapOptions[] = [{ signal: AbortSignal.abort() }, { metadata: { signal: AbortSignal.abort() } }];
      for (const option of options)
        expect(await failure(master.createWorkpool(a).map(numbers, 'echo', option))).to.be.instanceOf(AbortError);
      expect(numbers.read).to.equal(0);
    });

    it('timeout - ends the map', async () => {
      const pool = master.createWorkpool(a, b);
      const error = await failure(pool.map(new Numbers(), 'hold', { timeout: 5 }));
      expect(error).to.be.instanceOf(TimeoutError).and.to.include({ task: 'hold', timeout: 5 });
      expect(pool.waiting).to.equal(0);
    });

    it('signal - no listener is left after a complete map', async () => {
      const { signal } = new AbortController();
      await all(master.createWorkpool(a, b).map([1, 2, 3], 'echo', { signal, timeout: '1h', metadata: { signal } }));
      expect(getEventListeners(signal, 'abort')).to.have.length(0);
    });
  });

  describe('arguments', () => {
    it('arguments - of a wrong type throw at once', () => {
      const pool = master.createWorkpool(a);
      expect(() => pool.map(5 as never, 'echo')).to.throw(TypeError, 'source');
      expect(() => pool.map(null as never, 'echo')).to.throw(TypeError, 'source');
      expect(() => pool.map([], '')).to.throw(TypeError, 'task');
      for (const [option, value] of Object.entries({ concurrency: 0, ordered: 1, timeout: 'soon', signal: {}, metadata: 1 }))
        expect(() => pool.map([], 'echo', { [option]: value }), option).to.throw(TypeError, option);
      expect(() => pool.map([], 'echo', { metadata: { priority: NaN } })).to.throw(TypeError, 'metadata.priority');
      expect(() => pool.map([], 'echo', { retries: 2 } as never)).to.throw(TypeError, `There is no option 'retries'`);
    });
  });
});
