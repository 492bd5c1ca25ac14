import { getEventListeners, once } from 'node:events';
import { expect } from 'chai';
import { AbortError, Master, NoSlaveError, SlaveDiedError, type SlaveHandle, TimeoutError, UnknownSlaveError } from 'dist-io';
import { fixture } from '../support/fixture';

const STEPS = fixture('patterns/pipeline-steps.js');

describe('pipeline.map', () => {
  const master = new Master({ runtime: 'thread' });
  let a: SlaveHandle, b: SlaveHandle, c: SlaveHandle;
  before(() => {
    [a, b] = master.createSlaves(2, STEPS, { group: 'workers' });
    c = master.createSlave(STEPS, { runtime: 'inline' });
  });
  after(() => master.exit({ pending: 'abort' }));

  const failure = (promise: Promise<unknown>): Promise<unknown> =>
    promise.then(
      () => expect.fail('It should have rejected.'),
      (error: unknown) => error,
    );
  const collect = async <Value>(values: AsyncIterable<Value>): Promise<Value[]> => {
    const collected: Value[] = [];
    for await (const value of values) collected.push(value);
    return collected;
  };
  const identity = () => master.createPipeline<number, number>().addTask('even');

  describe('values', () => {
    it('values - come in the order of the source, whatever is iterable', async () => {
      const pipeline = master.createPipeline<string, string>().addTask('append', { letter: '1' }).addTask('append', { letter: '2' });
      const expected = ['a12', 'b12', 'c12'];
      async function* generate() {
        yield 'a';
        yield await Promise.resolve('b');
        yield 'c';
      }
      expect(await collect(pipeline.map(['a', 'b', 'c']))).to.deep.equal(expected);
      expect(await collect(pipeline.map('abc'))).to.deep.equal(expected);
      expect(await collect(pipeline.map(new Set('abc')))).to.deep.equal(expected);
      expect(await collect(pipeline.map(generate()))).to.deep.equal(expected);
      expect(await collect(pipeline.map(pipeline.map('abc')))).to.deep.equal(['a1212', 'b1212', 'c1212']);
      expect(await collect(pipeline.map([]))).to.deep.equal([]);
    });

    it('values - interceptors may change them, or end the way of an item without losing its place', async () => {
      const pipeline = master.createPipeline<string, string>().addTask('append', { letter: '1' });
      pipeline.intercept(({ value }, end) => (value === 'b1' ? end('ended') : undefined));
      pipeline
        .addTask('append', { letter: '2' })
        .addTask('append', { letter: '3' })
        .intercept(({ value }) => `${String(value)}!`);
      expect(await collect(pipeline.map(['a', 'b', 'c', 'b']))).to.deep.equal(['a123!', 'ended', 'c123!', 'ended']);
    });

    it('values - two iterations at a time do not mix', async () => {
      const pipeline = identity();
      const [even, tens] = await Promise.all([collect(pipeline.map([2, 4, 6, 8])), collect(pipeline.map([10, 20, 30]))]);
      expect([even, tens]).to.deep.equal([
        [2, 4, 6, 8],
        [10, 20, 30],
      ]);
    });

    it('start - nothing begins before the first value is asked for', async () => {
      let asked = 0;
      const { signal } = new AbortController();
      const source = { [Symbol.asyncIterator]: () => ({ next: () => Promise.resolve({ done: ++asked > 2, value: 2 }) }) };
      const never = identity().map(source, { signal });
      const values = identity().map(source, { signal, timeout: '1m' });
      expect([asked, getEventListeners(signal, 'abort').length]).to.deep.equal([0, 0]);
      await never.return();
      expect(await collect(values)).to.deep.equal([2, 2]);
      expect(getEventListeners(signal, 'abort')).to.deep.equal([]);
    });
  });

  describe('at work', () => {
    it('stages - all of them are at work at once', async () => {
      let arrived = 0;
      let meet = (): void => undefined;
      const meeting = new Promise<void>((resolve) => (meet = resolve));
      // The first item at the last stage, the second at the one before it and the third at the first wait for each other.
      const pipeline = master.createPipeline<number, number>();
      for (const [stage, slave] of [a, b, c].entries()) {
        const step = pipeline.addTask('even').for(slave);
        step.intercept<number>(async ({ value }) => {
          if (value / 2 + stage !== 2) return;
          if (++arrived === 3) meet();
          await meeting;
        });
      }
      expect(await collect(pipeline.map([0, 2, 4, 6], { highWaterMark: 1, timeout: '20s' }))).to.deep.equal([0, 2, 4, 6]);
    });

    it('stages - each begins the items in order, even when those before it end them in another', async () => {
      const ended: number[] = [];
      const begun: unknown[] = [];
      let secondIsThere = (): void => undefined;
      const second = new Promise<void>((resolve) => (secondIsThere = resolve));
      const pipeline = master.createPipeline<number, number>().addTask('even').for('workers');
      pipeline.intercept<number>(async ({ value }) => {
        if (value === 0) await second;
        ended.push(value);
        if (value === 2) secondIsThere();
      });
      pipeline.addTask('even').for(c);
      const listen = (_task: string, data: unknown) => begun.push(data);
      c.on('request', listen);
      expect(await collect(pipeline.map([0, 2, 4], { timeout: '20s' }))).to.deep.equal([0, 2, 4]);
      c.off('request', listen);
      expect(ended.indexOf(2)).to.be.below(ended.indexOf(0));
      expect(begun).to.deep.equal([0, 2, 4]);
    });

    for (const [what, options, ahead] of [
      ['by default two for each slave of a stage', {}, 6],
      ['highWaterMark for each stage', { highWaterMark: 1 }, 2],
      ['highWaterMark may be more than there are items', { highWaterMark: 100 }, 19],
    ] as const) {
      it(`backpressure - the source is ahead of the consumer by what the stages hold: ${what}`, async () => {
        let pulled = 0;
        let taken = 0;
        let most = 0;
        function* endless() {
          for (; pulled < 20; pulled++) {
            most = Math.max(most, pulled - taken);
            yield 2 * pulled;
          }
        }
        const pipeline = identity().for('workers').addTask('even').for(c);
        for await (const value of pipeline.map(endless(), options)) {
          taken++;
          // A generator has counted what it was asked for only when it is asked for the next one.
          if (value === 0) while (pulled < ahead) await new Promise(setImmediate);
          for (const slave of [a, c]) await slave.exec('executed');
        }
        expect(taken).to.equal(20);
        expect(most).to.equal(ahead);
      });
    }

    it('slaves - one that has died since the start is passed over', async () => {
      const mortal = master.createSlave(STEPS);
      async function* source() {
        yield [];
        await mortal.kill();
        yield [];
      }
      const pipeline = master.createPipeline<number[], number[]>().addTask('who').for(mortal, a);
      expect(await collect(pipeline.map(source(), { highWaterMark: 1 }))).to.deep.equal([[mortal.id], [a.id]]);
    });
  });

  describe('leaving', () => {
    it('break - tells the source, and waits for it', async () => {
      let closed = false;
      async function* source() {
        try {
          for (let i = 0; ; i += 2) yield await Promise.resolve(i);
        } finally {
          await new Promise(setImmediate);
          closed = true;
        }
      }
      for await (const value of identity().map(source())) if (value === 4) break;
      expect(closed).to.equal(true);
    });

    it('break - aborts what is still running', async () => {
      const pipeline = master
        .createPipeline<number, number>()
        .addTask('even')
        .for(c)
        .intercept<number>(({ value }, end) => (value === 0 ? end() : undefined));
      pipeline.addTask('until aborted').for(a);
      const before = (await a.exec('aborted')).value as number;
      let atWork = 0;
      let running: number | undefined;
      function* source() {
        try {
          yield 0;
          for (;;) yield 2;
        } finally {
          running = a.pending;
        }
      }
      for await (const value of pipeline.map(source(), { highWaterMark: 2 })) {
        expect(value).to.equal(0);
        while ((atWork = a.pending) === 0) await new Promise(setImmediate);
        break;
      }
      expect([running, a.pending]).to.deep.equal([0, 0]);
      expect((await a.exec('aborted')).value).to.equal(before + atWork);
    });

    it('break - a source that is making an item, perhaps for ever, does not hold it up', async () => {
      let returned = 0;
      let calls = 0;
      const source = {
        [Symbol.asyncIterator]: () => ({
          next: () => (calls++ === 0 ? Promise.resolve({ done: false as const, value: 2 }) : new Promise<never>(() => undefined)),
          return: () => {
            returned++;
            return new Promise<never>(() => undefined);
          },
        }),
      };
      for await (const value of identity().map(source)) {
        expect(value).to.equal(2);
        while (calls < 2) await new Promise(setImmediate);
        break;
      }
      expect(returned).to.equal(1);
    });

    it('break - what the source throws when it is told is thrown', async () => {
      function* source() {
        try {
          for (;;) yield 2;
        } finally {
          // eslint-disable-next-line no-unsafe-finally -- that is what is tested
          throw new Error('cannot close');
        }
      }
      const leaving = (async () => {
        for await (const value of identity().map(source())) if (value === 2) break;
      })();
      expect(await failure(leaving)).to.have.property('message', 'cannot close');
    });

    it('end - a source that has ended by itself is told nothing', async () => {
      let left = 3;
      const source = {
        [Symbol.asyncIterator]: () => ({
          next: () => Promise.resolve({ done: --left === 0, value: 2 }),
          return: () => expect.fail('It was told.'),
        }),
      };
      expect(await collect(identity().map(source))).to.deep.equal([2, 2]);
    });
  });

  describe('what goes wrong', () => {
    it('error - comes after the values of the items before it, and tells the source', async () => {
      let closed = false;
      function* source() {
        try {
          for (const i of [0, 2, 3, 4, 5, 6, 8, 10, 12, 14, 16]) yield i;
          expect.fail('It was asked for more.');
        } finally {
          closed = true;
        }
      }
      const values: number[] = [];
      const iterating = (async () => {
        for await (const value of identity().for(a).addTask('even').map(source())) values.push(value);
      })();
      expect(await failure(iterating))
        .to.be.an.instanceOf(RangeError)
        .with.property('message', '3 is odd');
      expect(values).to.deep.equal([0, 2]);
      expect(closed).to.equal(true);
    });

    it('error - once an item has failed, nothing after it is begun, and the source is asked for no more', async () => {
      let hasFailed = (): void => undefined;
      const failed = new Promise<void>((resolve) => (hasFailed = resolve));
      let asked = 0;
      async function* source() {
        for (const item of [0, 1, 2, 4]) {
          // It is being asked for the third one while the second one fails.
          if (++asked === 3) await failed;
          yield item;
        }
      }
      const begun: unknown[] = [];
      const listen = (_task: string, data: unknown) => begun.push(data);
      c.on('request', listen);
      const iterating = (async () => {
        for await (const value of identity().for(c).map(source(), { highWaterMark: 10 })) {
          expect(value).to.equal(0);
          while (c.pending > 0 || asked < 3) await new Promise(setImmediate);
          hasFailed();
          for (let i = 0; i < 5; i++) await new Promise(setImmediate);
        }
      })();
      expect(await failure(iterating)).to.be.an.instanceOf(RangeError);
      c.off('request', listen);
      expect(begun).to.deep.equal([0, 1]);
      expect(asked).to.equal(3);
    });

    it('error - counts more than what the source throws when it is told', async () => {
      const source = {
        [Symbol.asyncIterator]: () => ({
          next: () => Promise.resolve({ done: false, value: 1 }),
          return: () => Promise.reject(new Error('cannot close')),
        }),
      };
      expect(await failure(collect(identity().map(source)))).to.be.an.instanceOf(RangeError);
    });

    it('error - of the source comes after the values of the items before it', async () => {
      function* source() {
        yield 0;
        yield 2;
        throw new Error('no more');
      }
      const values = identity().map(source());
      expect([(await values.next()).value, (await values.next()).value]).to.deep.equal([0, 2]);
      expect(await failure(values.next())).to.have.property('message', 'no more');
      expect((await values.next()).done).to.equal(true);
    });

    it('error - thrown by an interceptor is thrown', async () => {
      const pipeline = identity().intercept(() => Promise.reject(new Error('from the interceptor')));
      expect(await failure(collect(pipeline.map([2])))).to.have.property('message', 'from the interceptor');
    });

    it('death - fails what the slave was executing', async () => {
      const mortal = master.createSlave(STEPS);
      const pipeline = identity().for(a).addTask('die').for(mortal);
      expect(await failure(collect(pipeline.map([2, 4])))).to.be.an.instanceOf(SlaveDiedError);
    });

    it('unknown slave, no slave - are thrown, and the source is not touched', async () => {
      const source = { [Symbol.iterator]: () => expect.fail('It was touched.') };
      expect(await failure(identity().for('nobody').map(source).next())).to.be.an.instanceOf(UnknownSlaveError);
      expect(await failure(identity().for([]).map(source).next())).to.be.an.instanceOf(NoSlaveError);
    });
  });

  describe('the whole', () => {
    const stuck = { [Symbol.asyncIterator]: () => ({ next: () => new Promise<never>(() => undefined) }) };

    it('signal - ends it, even while the source is making an item', async () => {
      const controller = new AbortController();
      const waiting = identity().map(stuck, { signal: controller.signal }).next();
      controller.abort('enough');
      expect(await failure(waiting))
        .to.be.an.instanceOf(AbortError)
        .with.property('reason', 'enough');
      expect(getEventListeners(controller.signal, 'abort')).to.deep.equal([]);
      const none = identity().map(stuck, { signal: AbortSignal.abort('too late') });
      expect(await failure(none.next()))
        .to.be.an.instanceOf(AbortError)
        .with.property('reason', 'too late');
    });

    it('signal - ends what is running', async () => {
      const controller = new AbortController();
      const waiting = master.createPipeline().addTask('until aborted').for(a).map([1, 2], { signal: controller.signal }).next();
      await once(a, 'request');
      controller.abort('enough');
      expect(await failure(waiting))
        .to.be.an.instanceOf(AbortError)
        .with.property('reason', 'enough');
      expect(a.pending).to.equal(0);
    });

    it('signal - comes too late for what is done', async () => {
      const state = { ended: false };
      function* source() {
        yield* [0, 2, 4];
        state.ended = true;
      }
      const controller = new AbortController();
      const values: number[] = [];
      for await (const value of identity().for(c).map(source(), { signal: controller.signal, highWaterMark: 5 })) {
        values.push(value);
        do await new Promise(setImmediate);
        while (c.pending > 0 || !state.ended);
        controller.abort('too late');
      }
      expect(values).to.deep.equal([0, 2, 4]);
    });

    it('timeout - is a deadline for everything, the waiting for the source included', async () => {
      const stopped = failure(identity().map(stuck, { timeout: 20 }).next());
      expect(await stopped)
        .to.be.an.instanceOf(TimeoutError)
        .and.to.include({ slave: null, timeout: 20, task: 'even' });
      const deaf = master.createPipeline().addTask('until aborted').for(a).map([1], { timeout: 20 }).next();
      expect(await failure(deaf)).to.be.an.instanceOf(TimeoutError);
    });
  });
});
