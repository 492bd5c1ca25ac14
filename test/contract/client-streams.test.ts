import { expect } from 'chai';
import { Readable } from 'node:stream';
import { AbortError, type SlaveHandle, SpawnError } from 'dist-io';
import type { Counter } from '../fixtures/counter';
import { eventually } from '../support/eventually';
import { fixture } from '../support/fixture';
import { range } from '../support/range';
import { rejection } from '../support/rejection';
import { contract } from './runtimes';

/** The rejections that nobody handles until some turns after a call. */
async function unhandled(call: () => Promise<void> | void): Promise<unknown[]> {
  const listeners = process.listeners('unhandledRejection');
  process.removeAllListeners('unhandledRejection');
  const errors: unknown[] = [];
  process.on('unhandledRejection', (error) => errors.push(error));
  try {
    await call();
    for (let i = 0; i < 3; i++) await new Promise(setImmediate);
  } finally {
    process.removeAllListeners('unhandledRejection');
    for (const listener of listeners) process.on('unhandledRejection', listener);
  }
  return errors;
}

contract('client streams', (suite) => {
  let slave: SlaveHandle;
  before(() => (slave = suite.createSlave('counter.ts')));

  const client = (of = slave) => of.as<Counter>();
  const read = async (items: AsyncIterable<number>) => {
    const all: number[] = [];
    for await (const item of items) all.push(item);
    return all;
  };
  /** Until every generator that was begun has ended. */
  const idle = async (of = slave) => {
    await eventually(() => of.pending === 0 && of.running === 0);
  };

  for (const isReady of [false, true]) {
    suite.it(`client - streams can be iterated, awaited and left early, ${isReady ? 'after' : 'before'} the slave has loaded`, async () => {
      const fresh = suite.createSlave('counter.ts');
      if (isReady) await fresh.ready();
      const counter = client(fresh);
      const results = await Promise.all([
        read(counter.count(1000)),
        counter.count(1000),
        counter.plain('text'),
        read(counter.count(0)),
        counter.count(0),
      ]);
      expect(results).to.deep.equal([range(1000), range(1000), 'text', [], []]);
      const own = suite.createSlave('counter.ts');
      if (isReady) await own.ready();
      for await (const item of client(own).endless()) if (item === 3) break;
      await idle(own);
      expect((await client(own).state()).ended).to.equal(1);
      await fresh.exit();
      await own.exit();
    });
  }

  suite.it('client - leaving a stream before it was sent sends nothing and closes its input', async () => {
    const fresh = suite.createSlave('counter.ts');
    const call = client(fresh).endless();
    await call.return!();
    expect(await call).to.deep.equal([]);
    const data = new Readable({ objectMode: true, read: () => undefined });
    await client(fresh).double(data as never).return!();
    expect(data.destroyed).to.equal(true);
    expect((await client(fresh).state()).calls).to.equal(0);
    await fresh.exit();
  });

  suite.it('client - awaiting a stream resolves the items that were not iterated, and consumes them', async () => {
    const call = client().count(10);
    expect((await call.next()).value).to.equal(0);
    expect((await call.next()).value).to.equal(1);
    expect(await call).to.deep.equal(range(10).slice(2));
    expect(await read(call)).to.deep.equal([]);
    const awaited = client().count(3);
    expect(await awaited).to.deep.equal(range(3));
    expect(await read(awaited)).to.deep.equal([]);
    expect(await awaited).to.deep.equal(range(3));
    const iterated = client().count(3);
    expect(await read(iterated)).to.deep.equal(range(3));
    expect(await iterated).to.deep.equal([]);
    const both = client().count(1000);
    const all = both.then((items) => items.length);
    expect((await read(both)).length + (await all)).to.equal(1000);
  });

  suite.it('client - a stream awaited late gets its own items while another stream uses its slot', async () => {
    const own = suite.createSlave('counter.ts');
    await own.ready();
    const held = client(own).count(4);
    await new Promise((resolve) => own.once('response', resolve));
    // It has the place that the first one had.
    const next = own.stream('endless', undefined, { highWaterMark: 4 });
    await next.next();
    expect(await held).to.deep.equal(range(4));
    for (let i = 1; i < 100; i++) expect((await next.next()).value).to.equal(i);
    await next.return();
    await own.exit();
  });

  suite.it('client - credit for a finished stream does not reach the stream that reuses its slot', async () => {
    const own = suite.createSlave('streams.js');
    await own.ready();
    const held = own.as<{ generator(count: number, metadata: object): AsyncIterableIterator<number> & Promise<number[]> }>().generator(5, {
      highWaterMark: 6,
    });
    await new Promise((resolve) => own.once('response', resolve));
    const next = own.stream('endless', 'in its place', { highWaterMark: 1 });
    await next.next();
    expect(await held).to.deep.equal(range(5));
    for (let i = 0; i < 10; i++) await own.exec('made');
    expect((await own.exec('made')).value).to.equal(2);
    await next.return();
    await own.exit();
  });

  suite.it('client - a failure throws after the items before it when iterated, and rejects when awaited', async () => {
    const errors = await unhandled(async () => {
      const items: number[] = [];
      let failure: unknown;
      try {
        for await (const item of client().fail(3)) items.push(item);
      } catch (error) {
        failure = error;
      }
      expect(items).to.deep.equal(range(3));
      expect(failure).to.be.an.instanceOf(RangeError);
      expect(await rejection(client().fail(3))).to.be.an.instanceOf(RangeError);
      const call = client().fail(0);
      expect(await rejection(call.next())).to.be.an.instanceOf(RangeError);
      for await (const item of client().endless()) if (item === 2) break;
    });
    expect(errors).to.deep.equal([]);
  });

  suite.it('client - an unobserved failure causes one unhandled rejection', async () => {
    const errors = await unhandled(async () => {
      const heard = new Promise((resolve) => slave.once('response', resolve));
      void client().fail(0);
      await heard;
    });
    expect(errors).to.have.length(1);
    expect(errors[0]).to.be.an.instanceOf(RangeError);
  });

  suite.it('client - a slave that does not start and wrong arguments reject', async () => {
    const missing = suite.createSlave('no-such-file.js');
    const data = new Readable({ objectMode: true, read: () => undefined });
    const call = client(missing).double(data as never);
    expect(await rejection(call.next())).to.be.an.instanceOf(SpawnError);
    expect(data.destroyed).to.equal(true);
    const rejected = await rejection(client().count(1, { highWaterMark: 0 }));
    expect(rejected).to.be.an.instanceOf(TypeError);
  });

  suite.it('client - a method without stream returns a native promise', async () => {
    const call = client().plain('text');
    expect(call).to.be.an.instanceOf(Promise);
    expect(call.then()).to.be.an.instanceOf(Promise);
    let finished = 0;
    expect(await call.finally(() => finished++)).to.equal('text');
    expect(finished).to.equal(1);
    expect(await Promise.all([call, client().plain('other')])).to.deep.equal(['text', 'other']);
    expect(await Promise.race([client().plain('one')])).to.equal('one');
    expect(await (async () => client().plain('returned'))()).to.equal('returned');
    const error = await rejection(client().failPlain(1));
    expect(error).to.have.property('message', 'plain, on purpose');
  });

  suite.it('client - a call is executed without being awaited', async () => {
    const before = (await client().state()).calls;
    void client().plain('forgotten');
    expect((await client().state()).calls).to.equal(before + 1);
  });

  suite.it('client - an aborted stream that nobody reads ends its generator', async () => {
    const controller = new AbortController();
    const call = client().endless(undefined, { signal: controller.signal, highWaterMark: 4 });
    call.catch(() => undefined);
    controller.abort();
    expect(await rejection(call)).to.be.an.instanceOf(AbortError);
    await idle();
  });

  suite.it('client - accepts a stream as data', async () => {
    expect(await client().double(Readable.from([1, 2, 3]) as never)).to.deep.equal([2, 4, 6]);
  });

  suite.it('client - iterates a stream of 100,000 items', async () => {
    let count = 0;
    for await (const item of client().count(100_000)) count += item >= 0 ? 1 : 0;
    expect(count).to.equal(100_000);
  });

  suite.it('client - of a group streams from its slaves', async () => {
    const group = suite.master.createSlaves(2, fixture('counter.ts'));
    await group.ready();
    const counter = group.as<Counter>();
    expect(await Promise.all([read(counter.count(10)), counter.count(20)])).to.deep.equal([range(10), range(20)]);
    await group.exit();
  });
});
