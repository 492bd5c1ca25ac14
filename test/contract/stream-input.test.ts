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
import { fixture } from '../support/fixture';
import { contract } from './runtimes';

const range = (count: number) => Array.from({ length: count }, (_, i) => i);

/** Numbers that note how many were asked for, and resolve `closed` once they are closed, however that comes. */
function source(count = Infinity) {
  let close!: () => void;
  const noted = { asked: 0, times: 0, closed: new Promise<void>((resolve) => (close = resolve)), stream: undefined as never };
  async function* numbers(): AsyncGenerator<number> {
    try {
      while (noted.asked < count) yield await Promise.resolve(noted.asked++);
    } finally {
      noted.times++;
      close();
    }
  }
  return { ...noted, stream: numbers(), noted };
}

/** A Readable without end that never gives anything, unless it is pushed into. */
const idle = () => new Readable({ objectMode: true, read: () => undefined });

contract('input', (world) => {
  let slave: SlaveHandle;
  before(() => (slave = world.createSlave('input.js')));
  afterEach(() => expect(slave.pending).to.equal(0));

  for (const [what, make] of Object.entries({
    'an async generator': () => source(500).stream,
    'a generator object': () =>
      (function* () {
        yield* range(500);
      })(),
    'a Readable': () => Readable.from(range(500)),
    'a web ReadableStream': () => ReadableStream.from(range(500)),
    'an async iterable': () => ({ [Symbol.asyncIterator]: () => source(500).stream }),
    'the stream of another task': () => slave.stream('double', Readable.from(range(500).map((i) => i / 2))),
  })) {
    world.it(`input - ${what} arrives as an async iterable, item by item`, async () => {
      expect((await slave.exec('collect', make())).value).to.deep.equal(range(500));
      expect((await slave.exec('kind', make())).value).to.deep.equal(['function', false]);
      expect((await slave.exec('collect', make(), { highWaterMark: 1 })).value).to.deep.equal(range(500));
    });
  }

  world.it('input - an array stays a value, and one without items is empty', async () => {
    expect((await slave.exec('echo', [1, 2])).value).to.deep.equal([1, 2]);
    expect((await slave.exec('collect', source(0).stream)).value).to.deep.equal([]);
    expect((await slave.exec('first', source(0).stream)).value).to.equal('none');
  });

  for (const highWaterMark of [1, 2, 5, 256]) {
    world.it(`input - the source is asked for no more than a window of ${highWaterMark} beyond what was read`, async () => {
      const { stream, noted } = source(1000);
      const answer = slave.exec('read three and wait', stream, { highWaterMark });
      while ((await slave.exec('got')).value !== 3) await new Promise(setImmediate);
      for (let i = 0; i < 10; i++) await slave.exec('got');
      expect(noted.asked).to.be.at.most(3 + highWaterMark);
      expect(noted.asked).to.be.at.least(3);
      await slave.exec('release');
      expect((await answer).value).to.equal(1000);
      expect(noted.times).to.equal(1);
    });
  }

  world.it('input - a task that stops early closes the source, and its result arrives', async () => {
    for (const task of ['first', 'no reading'] as const) {
      const { stream, noted } = source();
      expect((await slave.exec(task, stream)).value).to.equal(task === 'first' ? 0 : 'done');
      if (noted.asked > 0) await noted.closed;
      expect((await stream.next()).done).to.equal(true);
      const readable = idle();
      readable.push('only');
      expect((await slave.exec(task, readable)).value).to.equal(task === 'first' ? 'only' : 'done');
      expect(readable.destroyed).to.equal(true);
    }
  });

  world.it('input - a source that throws: the task gets the items before, then the error as it was', async () => {
    const stream = (async function* () {
      yield* range(5);
      await Promise.resolve();
      throw Object.assign(new RangeError('dried up'), { code: 'E_DRY' });
    })();
    const { all, error } = (await slave.exec('items before the error', stream)).value as { all: number[]; error: Error };
    expect(all).to.deep.equal(range(5));
    expect(error).to.be.an.instanceOf(RangeError).that.includes({ message: 'dried up', code: 'E_DRY' });
  });

  world.it('input - a source that throws is what a task that does not catch it fails with', async () => {
    const failing = idle();
    setImmediate(() => failing.destroy(new TypeError('broken pipe')));
    expect((await slave.exec('collect', failing)).error)
      .to.be.an.instanceOf(TypeError)
      .with.property('message', 'broken pipe');
    expect((await slave.exec('collect', createReadStream('/no/such/file'))).error).to.have.property('code', 'ENOENT');
  });

  world.it('input - an item that cannot travel: the caller gets the error, the source is closed once', async () => {
    const small = world.createSlave('input.js', { maxPayload: 10_000 });
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

  world.it('input - timeout and abort close the source, and the task sees why', async () => {
    for (const reason of ['timeout', 'abort'] as const) {
      const own = world.createSlave('input.js');
      await own.ready();
      const controller = new AbortController();
      const { stream, noted } = source(5);
      const readable = idle();
      const limits = reason === 'timeout' ? { timeout: 50 } : { signal: controller.signal };
      const answers = [
        own.exec('wait for ever', readable, limits),
        own.exec('read three and wait', stream, { ...limits, highWaterMark: 1 }),
      ];
      while ((await own.exec('got')).value !== 3) await new Promise(setImmediate);
      controller.abort();
      for (const { error } of await Promise.all(answers))
        expect(error).to.be.an.instanceOf(reason === 'timeout' ? TimeoutError : AbortError);
      await noted.closed;
      expect(noted.times).to.equal(1);
      expect(readable.destroyed).to.equal(true);
      expect((await own.exec('failure')).value).to.equal(reason === 'timeout' ? 'TimeoutError' : 'AbortError');
      await own.exit({ pending: 'abort' });
    }
  });

  world.it('input - a source that aborts its own request is closed once', async () => {
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

  world.it('input - the end of the slave closes the source', async () => {
    const own = world.createSlave('input.js');
    await own.ready();
    const { stream, noted } = source();
    const readable = idle();
    const answers = [own.exec('read three and wait', stream), own.exec('collect', readable)];
    while (noted.asked === 0) await own.exec('got');
    await own.kill();
    for (const { error } of await Promise.all(answers)) expect(error).to.be.an.instanceOf(SlaveExitedError);
    await noted.closed;
    expect(noted.times).to.equal(1);
    expect(readable.destroyed).to.equal(true);
  });

  world.it('input - what is refused closes its source: dead, paused, unknown, aborted, full, broken off', async () => {
    const dead = world.createSlave('input.js');
    await dead.kill();
    const paused = world.createSlave('input.js');
    await paused.exec('pause');
    const full = world.createSlave('input.js', { maxPending: 1 });
    const held = idle();
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

  world.it('input - a stream that fails while its request waits is that request’s failure alone', async () => {
    const one = world.createSlave('input.js', { concurrency: 1 });
    const readable = idle();
    const first = one.exec('collect', readable);
    const missing = createReadStream('/no/such/file');
    const second = one.exec('collect', missing);
    await new Promise<void>((resolve) => missing.once('close', resolve));
    readable.push(null);
    expect((await first).value).to.deep.equal([]);
    expect((await second).error).to.have.property('code', 'ENOENT');
    await one.exit();
  });

  world.it('input - what was sent is not sent again: a second time is a TypeError, but not for what can begin anew', async () => {
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

  world.it('input - who is refused a stream that another has sent does not close it', async () => {
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

  world.it('input - can be read only once: retries and several slaves are TypeErrors', async () => {
    expect(() => slave.exec('collect', source(1).stream, { retries: 1 })).to.throw(TypeError, 'retries');
    expect(() => slave.stream('collect', source(1).stream, { retries: 1 })).to.throw(TypeError, 'retries');
    const group = world.master.createSlaves(2, fixture('input.js'));
    for (const call of [
      () => group.exec('collect', source(1).stream),
      () => world.master.broadcast('collect', source(1).stream).to(...group),
      () => world.master.tell(group).to('collect', source(1).stream),
    ]) {
      const error: unknown = await Promise.resolve()
        .then(call)
        .catch((error: unknown) => error);
      expect(error).to.be.an.instanceOf(TypeError).with.property('message').that.includes('once');
    }
    expect((await group[0].exec('collect', source(3).stream)).value).to.deep.equal(range(3));
    await group.exit();
  });

  world.it('input - a file arrives whole', async () => {
    const { value } = await slave.exec('bytes', createReadStream(__filename, { highWaterMark: 1000 }));
    expect(value).to.equal(statSync(__filename).size);
  });

  world.it('input - both at once: 100,000 items through a small window', async () => {
    let next = 0;
    for await (const item of slave.stream('double', source(100_000).stream, { highWaterMark: 16 })) {
      if (item !== 2 * next++) expect.fail(`${String(item)} instead of ${2 * (next - 1)}`);
    }
    expect(next).to.equal(100_000);
  });

  world.it('input - both at once: backpressure goes all the way through', async () => {
    const { stream, noted } = source();
    const doubled = slave.stream('double', stream, { highWaterMark: 4 });
    for (let i = 0; i < 10; i++) expect((await doubled.next()).value).to.equal(2 * i);
    for (let i = 0; i < 10; i++) await slave.exec('got');
    // What was read here, a window each way, and what the task has in its hands.
    expect(noted.asked).to.be.at.most(10 + 4 + 4 + 1);
    await doubled.return();
    await noted.closed;
    expect(noted.times).to.equal(1);
  });

  world.it('input - both at once: a task that ends before its input', async () => {
    const { stream, noted } = source();
    expect((await slave.exec('take and stop', stream)).value).to.deep.equal(range(5));
    await noted.closed;
  });
});
