import { once } from 'node:events';
import { expect } from 'chai';
import { AbortError, Master, QueueFullError, SlaveDiedError, type SlaveHandle, type Workpool } from 'dist-io';
import { alwaysRetry } from '../support/always-retry';
import { fixture } from '../support/fixture';

const FILE = fixture('patterns/pool-service.ts');

/** The methods of the fixture's class. */
interface Service {
  id(): number;
  hold(name: string): string;
  begun(): string[];
  release(): void;
  flaky(attempts: number): number;
  die(): void;
  count(to: number): AsyncGenerator<number>;
  endless(): AsyncGenerator<number>;
}

describe('pool: clients and streams', () => {
  let master: Master;
  let pool: Workpool;
  let slave: SlaveHandle;
  beforeEach(async () => {
    master = new Master({ runtime: 'thread' });
    pool = master.createPool(1, FILE, { restart: 'temporary' });
    [slave] = pool.slaves;
    await slave.ready();
  });
  afterEach(() => master.exit({ pending: 'abort' }));
  const failure = (promise: Promise<unknown>): Promise<unknown> => promise.then(() => undefined).catch((error: unknown) => error);
  const read = async (source: AsyncIterable<number>): Promise<number[]> => {
    const items: number[] = [];
    for await (const item of source) items.push(item);
    return items;
  };

  describe('as', () => {
    it('calls - are jobs: one at a time on each member, by priority', async () => {
      const client = pool.as<Service>();
      const calls = [client.hold('first'), client.hold('low', { priority: -1 }), client.hold('high', { priority: 1 })];
      expect([pool.running, pool.waiting]).to.deep.equal([1, 2]);
      for (let i = 0; i < 3; i++) await slave.exec('release');
      expect(await Promise.all(calls)).to.deep.equal(['first', 'low', 'high']);
      expect((await slave.exec('begun')).value).to.deep.equal(['first', 'high', 'low']);
    });

    it('maxQueue, timeout, signal - apply to calls that wait', async () => {
      const small = master.createWorkpool(slave, { maxQueue: 1 });
      const client = small.as<Service>();
      const first = client.hold('first');
      const controller = new AbortController();
      const waiting = failure(client.id({ signal: controller.signal } as never));
      const aborted = failure(client.hold('second', { signal: controller.signal }));
      expect(await aborted).to.be.instanceOf(QueueFullError);
      await slave.exec('release');
      await first;
      await waiting;
    });

    it('signal - a call that waits is never sent', async () => {
      const client = pool.as<Service>();
      const first = client.hold('first');
      const controller = new AbortController();
      const second = failure(client.hold('second', { signal: controller.signal }));
      controller.abort();
      expect(await second).to.be.instanceOf(AbortError);
      await slave.exec('release');
      await first;
      expect((await slave.exec('begun')).value).to.deep.equal(['first']);
    });

    it('retries - apply to calls', async () => {
      expect(await pool.as<Service>().flaky(3, { retries: alwaysRetry(2) })).to.equal(3);
      expect(await failure(pool.as<Service>().flaky(3, { retries: 2 }))).to.have.property('message', 'attempt 1');
    });

    it('death - later calls use a member that joins', async () => {
      const client = pool.as<Service>();
      expect(await failure(client.die())).to.be.instanceOf(SlaveDiedError);
      const call = client.id();
      const [next] = master.createSlaves(1, FILE);
      pool.add(next);
      expect(await call).to.equal(next.id);
    });

    it('death - a call with retries is executed again by a member that joins', async () => {
      const client = pool.as<Service>();
      const call = client.hold('first', { retries: 1 });
      await slave.exec('begun');
      const died = new Promise((resolve) => slave.once('exit', resolve));
      void slave.exec('die');
      await died;
      const [next] = master.createSlaves(1, FILE);
      pool.add(next);
      await once(next, 'request');
      await next.exec('release');
      expect(await call).to.equal('first');
    });

    it('loading - calls wait for a slave that has not told its methods', async () => {
      const client = master.createPool(1, FILE).as<Service>();
      expect(await Promise.all([client.flaky(1), client.flaky(1)])).to.deep.equal([1, 1]);
    });

    it('streams - a call may be awaited or read, also when it had to wait', async () => {
      const client = pool.as<Service>();
      const first = client.hold('first');
      const [awaited, reading] = [client.count(3), client.count(4)];
      const all = Promise.all([awaited, read(reading)]);
      await slave.exec('release');
      expect(await all).to.deep.equal([
        [0, 1, 2],
        [0, 1, 2, 3],
      ]);
      await first;
    });
  });

  describe('stream', () => {
    it('stream - gives the items, and keeps its member until the task has ended', async () => {
      const items = pool.stream('endless');
      expect(pool.running).to.equal(0);
      expect(await items.next()).to.deep.equal({ done: false, value: 0 });
      const next = pool.do('id');
      expect([pool.running, pool.waiting]).to.deep.equal([1, 1]);
      await items.return();
      expect((await next).value).to.equal(slave.id);
      await pool.drain();
    });

    it('stream - waits for its turn; leaving it before costs nothing', async () => {
      const first = pool.do('hold', 'first');
      const waiting = pool.stream('count', 3);
      const leaving = pool.stream('count', 3);
      const item = waiting.next();
      const never = leaving.next();
      expect(pool.waiting).to.equal(2);
      await leaving.return();
      expect(await never).to.deep.equal({ done: true, value: undefined });
      expect(pool.waiting).to.equal(1);
      await slave.exec('release');
      expect(await item).to.deep.equal({ done: false, value: 0 });
      expect(await read(waiting as AsyncIterable<number>)).to.deep.equal([1, 2]);
      await first;
      await pool.drain();
    });

    it('stream - throws the error of its task, after retries', async () => {
      const thrown = (retries: number): Promise<unknown> => failure(pool.stream('flaky', 3, { retries: alwaysRetry(retries) }).next());
      expect(await thrown(1)).to.have.property('message', 'attempt 2');
      expect(await read(pool.stream('flaky', 3, { retries: alwaysRetry(2) }) as AsyncIterable<number>)).to.deep.equal([3]);
    });

    it('stream - is not executed again once an item was handed out', async () => {
      const items = pool.stream('endless', undefined, { retries: alwaysRetry(3) });
      await items.next();
      void slave.exec('die');
      const error = await failure(read(items as AsyncIterable<number>));
      expect(error).to.be.instanceOf(SlaveDiedError);
      expect(pool.waiting).to.equal(0);
    });

    it('stream - throws the error of an empty pool', async () => {
      const empty = master.createWorkpool({ refillTimeout: 0 });
      expect(await failure(empty.stream('count', 3).next())).to.have.property('code', 'NO_SLAVE');
    });

    it('exit - waits for a stream that is being read', async () => {
      const items = pool.stream('count', 3) as AsyncIterable<number>;
      const reading = read(items);
      await pool.exit();
      expect(await reading).to.deep.equal([0, 1, 2]);
    });

    it('arguments - wrong ones throw at once', () => {
      expect(() => pool.stream('')).to.throw(TypeError);
      expect(() => pool.stream('count', 1, { priority: NaN })).to.throw(TypeError, 'priority');
    });
  });
});
