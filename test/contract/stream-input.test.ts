import { once } from 'node:events';
import { createReadStream, statSync } from 'node:fs';
import { Readable } from 'node:stream';
import { expect } from 'chai';
import {
  AbortError,
  PayloadTooLargeError,
  QueueFullError,
  SerializationError,
  SlaveExitedError,
  type SlaveHandle,
  SlavePausedError,
  TimeoutError,
  UnknownTaskError,
} from 'dist-io';
import { eventually } from '../support/eventually';
import { fixture } from '../support/fixture';
import { range } from '../support/range';
import { rejection } from '../support/rejection';
import { contract } from './runtimes';

/** The numbers from 0 on, as a stream that counts how often it is read and closed. */
class Source {
  reads = 0;
  closings = 0;
  readonly numbers: AsyncGenerator<number>;

  constructor(count = Infinity) {
    this.numbers = this.generate(count);
  }

  private async *generate(count: number): AsyncGenerator<number> {
    try {
      while (this.reads < count) yield await Promise.resolve(this.reads++);
    } finally {
      this.closings++;
    }
  }
}

/** A Readable that yields only what is pushed into it. */
const silent = () => new Readable({ objectMode: true, read: () => undefined });

contract('stream input', (suite) => {
  let slave: SlaveHandle;
  before(() => (slave = suite.createSlave('input.js')));
  afterEach(() => expect(slave.pending).to.equal(0));

  for (const [what, make] of Object.entries({
    'an async generator': () => new Source(500).numbers,
    'a generator object': () =>
      (function* () {
        yield* range(500);
      })(),
    'a Readable': () => Readable.from(range(500)),
    'a web ReadableStream': () => ReadableStream.from(range(500)),
    'an async iterable': () => ({ [Symbol.asyncIterator]: () => new Source(500).numbers }),
    'the stream of another task': () => slave.stream('double', Readable.from(range(500).map((i) => i / 2))),
  })) {
    suite.it(`input - ${what} arrives as an async iterable`, async () => {
      expect((await slave.exec('collect', make())).value).to.deep.equal(range(500));
      expect((await slave.exec('kind', make())).value).to.deep.equal(['function', false]);
      expect((await slave.exec('collect', make(), { highWaterMark: 1 })).value).to.deep.equal(range(500));
    });
  }

  suite.it('input - an array arrives as an array, and an empty source as an empty iterable', async () => {
    expect((await slave.exec('echo', [1, 2])).value).to.deep.equal([1, 2]);
    expect((await slave.exec('collect', new Source(0).numbers)).value).to.deep.equal([]);
    expect((await slave.exec('first', new Source(0).numbers)).value).to.equal('none');
  });

  for (const highWaterMark of [1, 2, 5, 256]) {
    suite.it(`input - the source is read at most ${highWaterMark} items ahead of the task`, async () => {
      const source = new Source(1000);
      const answer = slave.exec('read three and wait', source.numbers, { highWaterMark });
      await eventually(async () => (await slave.exec('got')).value === 3);
      for (let i = 0; i < 10; i++) await slave.exec('got');
      expect(source.reads).to.be.at.most(3 + highWaterMark);
      expect(source.reads).to.be.at.least(3);
      await slave.exec('release');
      expect((await answer).value).to.equal(1000);
      expect(source.closings).to.equal(1);
    });
  }

  suite.it('input - a task that stops reading early closes the source and completes', async () => {
    for (const task of ['first', 'no reading'] as const) {
      const source = new Source();
      expect((await slave.exec(task, source.numbers)).value).to.equal(task === 'first' ? 0 : 'done');
      if (source.reads > 0) await eventually(() => source.closings === 1);
      expect((await source.numbers.next()).done).to.equal(true);
      const readable = silent();
      readable.push('only');
      expect((await slave.exec(task, readable)).value).to.equal(task === 'first' ? 'only' : 'done');
      expect(readable.destroyed).to.equal(true);
    }
  });

  suite.it("input - a source's error reaches the task after the items before it", async () => {
    const stream = (async function* () {
      yield* range(5);
      await Promise.resolve();
      throw Object.assign(new RangeError('dried up'), { code: 'E_DRY' });
    })();
    const { all, error } = (await slave.exec('items before the error', stream)).value as { all: number[]; error: Error };
    expect(all).to.deep.equal(range(5));
    expect(error).to.be.an.instanceOf(RangeError).that.includes({ message: 'dried up', code: 'E_DRY' });
  });

  suite.it("input - a task that does not catch the source's error fails with it", async () => {
    const failing = silent();
    setImmediate(() => failing.destroy(new TypeError('broken pipe')));
    expect((await slave.exec('collect', failing)).error)
      .to.be.an.instanceOf(TypeError)
      .with.property('message', 'broken pipe');
    expect((await slave.exec('collect', createReadStream('/no/such/file'))).error).to.have.property('code', 'ENOENT');
  });

  suite.it('input - an item that cannot be sent fails the request and closes the source once', async () => {
    const small = suite.createSlave('input.js', { maxPayload: 10_000 });
    for (const [bad, expected] of [
      [{ inner: () => undefined }, SerializationError],
      [Buffer.alloc(100_000), PayloadTooLargeError],
    ] as const) {
      let closed = 0;
      const stream = (function* () {
        try {
          yield 1;
          yield bad;
          yield 2;
        } finally {
          closed++;
        }
      })();
      const { error } = await small.exec('collect', stream);
      expect(error).to.be.an.instanceOf(expected);
      if (error instanceof SerializationError) expect(error.path).to.equal('value.inner');
      expect(closed).to.equal(1);
    }
    expect((await small.exec('echo', 1)).value).to.equal(1);
    await small.exit();
  });

  suite.it("input - timeout and abort close the source and fail the task's iteration", async () => {
    for (const reason of ['timeout', 'abort'] as const) {
      const own = suite.createSlave('input.js');
      await own.ready();
      const controller = new AbortController();
      const source = new Source(5);
      const readable = silent();
      const limits = reason === 'timeout' ? { timeout: '1s' } : { signal: controller.signal };
      const answers = [
        own.exec('wait for ever', readable, limits),
        own.exec('read three and wait', source.numbers, { ...limits, highWaterMark: 1 }),
      ];
      await eventually(async () => (await own.exec('got')).value === 3);
      controller.abort();
      for (const { error } of await Promise.all(answers))
        expect(error).to.be.an.instanceOf(reason === 'timeout' ? TimeoutError : AbortError);
      await eventually(() => source.closings === 1);
      expect(readable.destroyed).to.equal(true);
      expect((await own.exec('failure')).value).to.equal(reason === 'timeout' ? 'TimeoutError' : 'AbortError');
      await own.exit({ pending: 'abort' });
    }
  });

  suite.it('input - a source that aborts its own request is closed once', async () => {
    const controller = new AbortController();
    let closed = 0;
    const stream = (function* () {
      try {
        yield 1;
        controller.abort();
        yield 2;
      } finally {
        closed++;
      }
    })();
    expect((await slave.exec('collect', stream, { signal: controller.signal })).error).to.be.an.instanceOf(AbortError);
    await slave.exec('echo');
    expect(closed).to.equal(1);
  });

  suite.it('input - the end of the slave closes the source', async () => {
    const own = suite.createSlave('input.js');
    await own.ready();
    const source = new Source();
    const readable = silent();
    const answers = [own.exec('read three and wait', source.numbers), own.exec('collect', readable)];
    await eventually(() => source.reads > 0);
    await own.kill();
    for (const { error } of await Promise.all(answers)) expect(error).to.be.an.instanceOf(SlaveExitedError);
    await eventually(() => source.closings === 1);
    expect(readable.destroyed).to.equal(true);
  });

  suite.it('input - a refused request closes its source, whatever the reason', async () => {
    const dead = suite.createSlave('input.js');
    await dead.kill();
    const paused = suite.createSlave('input.js');
    await paused.exec('pause');
    const full = suite.createSlave('input.js', { maxPending: 1 });
    const held = silent();
    const first = full.exec('collect', held);
    const signal = AbortSignal.abort();
    const file = () => createReadStream(__filename);
    for (const [expected, exec] of [
      [SlaveExitedError, (data: Readable) => dead.exec('collect', data)],
      [SlavePausedError, (data: Readable) => paused.exec('collect', data)],
      [UnknownTaskError, (data: Readable) => slave.exec('no such task', data)],
      [AbortError, (data: Readable) => slave.exec('collect', data, { signal })],
      [QueueFullError, (data: Readable) => full.exec('collect', data)],
      [SerializationError, (data: Readable) => slave.exec('collect', data, { wrong: () => undefined })],
    ] as const) {
      const data = file();
      const closed = once(data, 'close');
      expect((await exec(data)).error).to.be.an.instanceOf(expected);
      await closed;
      expect(data.destroyed).to.equal(true);
    }
    const unread = file();
    const closed = once(unread, 'close');
    await slave.stream('collect', unread).return();
    await closed;
    let cancelled = 0;
    await dead.exec(
      'collect',
      new ReadableStream({
        cancel: () => {
          cancelled++;
        },
      }),
    );
    expect(cancelled).to.equal(1);
    held.push(null);
    await first;
    await paused.exit();
    await full.exit();
  });

  suite.it('input - a source that fails while its request is queued fails only that request', async () => {
    const one = suite.createSlave('input.js', { concurrency: 1 });
    const readable = silent();
    const first = one.exec('collect', readable);
    const missing = createReadStream('/no/such/file');
    const second = one.exec('collect', missing);
    await new Promise<void>((resolve) => missing.once('close', resolve));
    readable.push(null);
    expect((await first).value).to.deep.equal([]);
    expect((await second).error).to.have.property('code', 'ENOENT');
    await one.exit();
  });

  suite.it('input - sending a stream twice throws a TypeError unless it can be iterated anew', async () => {
    const numbers = (function* () {
      yield 1;
      yield 2;
    })();
    const readable = Readable.from([1, 2]);
    for (const data of [numbers, readable, (async function* () {})()]) {
      await slave.exec('collect', data, { rejectOnError: true });
      expect(() => slave.exec('collect', data)).to.throw(TypeError, 'has been sent already');
      expect(() => slave.stream('collect', data)).to.throw(TypeError, 'has been sent already');
    }
    const anew = { [Symbol.asyncIterator]: () => Readable.from([1, 2])[Symbol.asyncIterator]() };
    for (let i = 0; i < 2; i++) expect((await slave.exec('collect', anew)).value).to.deep.equal([1, 2]);
  });

  suite.it('input - a call that is refused a stream in use does not close it', async () => {
    const client = slave.as<{ collect(items: AsyncIterable<number>): Promise<number[]> }>();
    for (const other of [
      (data: AsyncGenerator<number>) => client.collect(data).catch(() => undefined),
      (_data: AsyncGenerator<number>, stream: { return(): Promise<unknown> }) => stream.return(),
    ]) {
      const data = (async function* () {
        yield await Promise.resolve(1);
        yield 2;
      })();
      const unread = slave.stream('collect', data);
      const first = slave.exec('collect', data);
      await other(data, unread);
      expect((await first).value).to.deep.equal([1, 2]);
    }
  });

  suite.it('input - a stream with retries or for several slaves throws a TypeError', async () => {
    expect(() => slave.exec('collect', new Source(1).numbers, { retries: 1 })).to.throw(TypeError, 'retries');
    expect(() => slave.stream('collect', new Source(1).numbers, { retries: 1 })).to.throw(TypeError, 'retries');
    const group = suite.master.createSlaves(2, fixture('input.js'));
    for (const call of [
      () => group.exec('collect', new Source(1).numbers),
      () => suite.master.broadcast('collect', new Source(1).numbers).to(...group),
      () => suite.master.tell(group).to('collect', new Source(1).numbers),
    ]) {
      const error = await rejection(Promise.resolve().then(call));
      expect(error).to.be.an.instanceOf(TypeError).with.property('message').that.includes('once');
    }
    expect((await group[0].exec('collect', new Source(3).numbers)).value).to.deep.equal(range(3));
    await group.exit();
  });

  suite.it('input - a file stream arrives completely', async () => {
    const { value } = await slave.exec('bytes', createReadStream(__filename, { highWaterMark: 1000 }));
    expect(value).to.equal(statSync(__filename).size);
  });

  suite.it('input - 100,000 items pass in both directions through a small window', async () => {
    let next = 0;
    for await (const item of slave.stream('double', new Source(100_000).numbers, { highWaterMark: 16 })) {
      if (item !== 2 * next++) expect.fail(`${String(item)} instead of ${2 * (next - 1)}`);
    }
    expect(next).to.equal(100_000);
  });

  suite.it('input - backpressure reaches the source through a streaming task', async () => {
    const source = new Source();
    const doubled = slave.stream('double', source.numbers, { highWaterMark: 4 });
    for (let i = 0; i < 10; i++) expect((await doubled.next()).value).to.equal(2 * i);
    for (let i = 0; i < 10; i++) await slave.exec('got');
    // What was read here, a window each way, and what the task has in its hands.
    expect(source.reads).to.be.at.most(10 + 4 + 4 + 1);
    await doubled.return();
    await eventually(() => source.closings === 1);
  });

  suite.it('input - a streaming task that ends before its input closes the source', async () => {
    const source = new Source();
    expect((await slave.exec('take and stop', source.numbers)).value).to.deep.equal(range(5));
    await eventually(() => source.closings === 1);
  });
});
