import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { PassThrough, Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { expect } from 'chai';
import {
  AbortError,
  PayloadTooLargeError,
  type Response,
  SerializationError,
  SlaveDiedError,
  SlaveExitedError,
  TimeoutError,
} from 'dist-io';
import { SlavePausedError, type SlaveHandle, UnknownTaskError } from 'dist-io';
import { eventually } from '../support/eventually';
import { range } from '../support/range';
import { rejection } from '../support/rejection';
import { alwaysRetry } from '../support/always-retry';
import { contract } from './runtimes';

/** Reads to the end, or to the error. */
async function read(stream: AsyncIterable<unknown>): Promise<{ items: unknown[]; error: unknown }> {
  const items: unknown[] = [];
  try {
    for await (const item of stream) items.push(item);
  } catch (error) {
    return { items, error };
  }
  return { items, error: undefined };
}

contract('streams', (suite) => {
  let slave: SlaveHandle;
  before(() => (slave = suite.createSlave('streams.js')));
  afterEach(() => expect(slave.pending).to.equal(0));

  /** How many items the slave has made once it makes no more of them, which are so many at least. */
  const made = async (least: number) => {
    const ask = async () => (await slave.exec('made')).value as number;
    let now = 0;
    await eventually(async () => (now = await ask()) >= least);
    // A slave that goes on makes more between two answers.
    for (let before = -1; now !== before;) {
      before = now;
      for (let i = 0; i < 5; i++) now = await ask();
    }
    return now;
  };

  for (const task of [
    'generator',
    'async generator',
    'generator object',
    'async iterable',
    'readable',
    'promise of a generator',
    'done with a generator',
  ]) {
    suite.it(`streams - ${task}: stream yields the items in order and exec collects them`, async () => {
      expect(await read(slave.stream(task, 1000))).to.deep.equal({ items: range(1000), error: undefined });
      expect((await slave.exec(task, 1000)).value).to.deep.equal(range(1000));
      expect(await read(slave.stream(task, 0))).to.deep.equal({ items: [], error: undefined });
      expect((await slave.exec(task, 0)).value).to.deep.equal([]);
    });
  }

  suite.it('streams - arrays, Maps, Sets and strings stay values', async () => {
    const values = { array: [1, 2, 3], map: new Map([[1, 2]]), set: new Set([1, 2]), text: 'text' };
    for (const [task, value] of Object.entries(values)) {
      expect((await slave.exec(task)).value).to.deep.equal(value);
      expect(await read(slave.stream(task))).to.deep.equal({ items: [value], error: undefined });
    }
  });

  suite.it('streams - a task without stream yields its value, or nothing for undefined', async () => {
    expect((await read(slave.stream('echo', { a: 1 }))).items).to.deep.equal([{ a: 1 }]);
    expect((await read(slave.stream('echo', null))).items).to.deep.equal([null]);
    expect((await read(slave.stream('nothing'))).items).to.deep.equal([]);
  });

  suite.it('streams - the request is sent at the first next', async () => {
    const asked: string[] = [];
    const listen = (task: string) => void asked.push(task);
    slave.on('request', listen);
    const stream = slave.stream('generator', 2);
    await slave.exec('echo');
    expect(asked).to.deep.equal(['echo']);
    expect(await stream.next()).to.deep.equal({ done: false, value: 0 });
    expect(asked).to.deep.equal(['echo', 'generator']);
    expect((await read(stream)).items).to.deep.equal([1]);
    slave.off('request', listen);
  });

  suite.it('streams - wrong arguments throw a TypeError at once', () => {
    expect(() => slave.stream('', 1)).to.throw(TypeError);
    for (const highWaterMark of [0, -1, 0.5, Infinity, '1'] as number[])
      expect(() => slave.stream('generator', 1, { highWaterMark })).to.throw(TypeError, 'highWaterMark');
  });

  for (const highWaterMark of [1, 2, 3, 4, 256, undefined]) {
    for (const task of ['endless', 'endless later']) {
      suite.it(`streams - ${task}: the slave is at most ${highWaterMark ?? 'the default window'} items ahead of the reader`, async () => {
        const window = highWaterMark ?? 256;
        const name = `window ${task} ${window}`;
        const stream = slave.stream(task, name, { highWaterMark });
        for (let count = 1; count <= 600; count += count < 10 ? 1 : 197) {
          await stream.next();
          expect(await made(count + Math.floor(window / 2))).to.be.at.most(count + window);
          if (count >= 10) for (let i = 1; i < 197; i++) await stream.next();
        }
        await stream.return();
        expect((await slave.exec('ended', name)).value).to.be.at.least(1);
      });
    }
  }

  suite.it('streams - concurrent next calls get the items in order, then the end', async () => {
    const stream = slave.stream('async generator', 3);
    const results = await Promise.all(range(5).map(() => stream.next()));
    expect(results).to.deep.equal([
      ...range(3).map((value) => ({ done: false, value })),
      { done: true, value: undefined },
      { done: true, value: undefined },
    ]);
    expect(await stream.next()).to.deep.equal({ done: true, value: undefined });
  });

  for (const task of ['endless', 'endless later']) {
    suite.it(`streams - ${task}: leaving the loop ends the generator, and the slave works on`, async () => {
      const name = `break ${task}`;
      for await (const item of slave.stream(task, name)) if (item === 10) break;
      expect(slave.pending).to.equal(0);
      expect((await slave.exec('ended', name)).value).to.equal(1);
      expect((await slave.exec('echo', 'next')).value).to.equal('next');
      await eventually(() => slave.running === 0);
    });
  }

  suite.it('streams - return before the first next sends nothing', async () => {
    const asked: string[] = [];
    const listen = (task: string) => void asked.push(task);
    slave.on('request', listen);
    const stream = slave.stream('endless', 'never');
    expect(await stream.return()).to.deep.equal({ done: true, value: undefined });
    expect(await stream.next()).to.deep.equal({ done: true, value: undefined });
    await slave.exec('echo');
    slave.off('request', listen);
    expect(asked).to.deep.equal(['echo']);
  });

  suite.it('streams - return ends a pending next', async () => {
    const own = suite.createSlave('streams.js');
    const stream = own.stream('never again');
    await stream.next();
    const next = stream.next();
    await stream.return();
    expect(await next).to.deep.equal({ done: true, value: undefined });
    await own.exit({ pending: 'abort' });
  });

  suite.it('streams - an error is thrown once, after the items before it', async () => {
    const stream = slave.stream('fails after', 5);
    const { items, error } = await read(stream);
    expect(items).to.deep.equal(range(5));
    expect(error).to.be.an.instanceOf(RangeError).that.includes({ message: 'on purpose', code: 'E_PURPOSE' });
    expect(error).to.have.property('details').that.deep.equals({ count: 5 });
    expect(await stream.next()).to.deep.equal({ done: true, value: undefined });
    const response = await slave.exec('fails after', 5);
    expect(response.error).to.be.an.instanceOf(RangeError);
    expect(response.value).to.equal(undefined);
    expect((await read(slave.stream('fails at once'))).error).to.be.an.instanceOf(RangeError);
  });

  suite.it('streams - an error is thrown after the items before it even to a late reader', async () => {
    const stream = slave.stream('fails after', 5);
    const heard = once(slave, 'response');
    const items = [await stream.next()];
    await heard;
    for (let i = 1; i < 5; i++) items.push(await stream.next());
    expect(items.map(({ value }) => value)).to.deep.equal(range(5));
    expect(await rejection(stream.next())).to.be.an.instanceOf(RangeError);
  });

  for (const [what, expected] of [
    ['function', SerializationError],
    ['bytes', PayloadTooLargeError],
  ] as const) {
    suite.it(`streams - an item that cannot be sent (${what}) fails after the items before it and closes the source`, async () => {
      const small = suite.createSlave('streams.js', { maxPayload: 10_000 });
      for (const count of [0, 3, 1000]) {
        const name = `${what} ${count}`;
        const { items, error } = await read(small.stream('gives after', { count, what, name }));
        expect(items).to.deep.equal(range(count));
        expect(error).to.be.an.instanceOf(expected);
        if (error instanceof SerializationError) expect(error.path).to.equal('value.inner');
        expect((await small.exec('ended', name)).value).to.equal(1);
      }
      await eventually(() => small.running === 0);
      await small.exit();
    });
  }

  suite.it('streams - a timeout fails the stream at once and ends the task', async () => {
    await slave.ready();
    const stream = slave.stream('signalled', 'timeout', { timeout: 50 });
    const { items, error } = await read(stream);
    expect(items).to.deep.equal(['first']);
    expect(error).to.be.an.instanceOf(TimeoutError);
    expect((await slave.exec('ended', 'timeout: TimeoutError')).value).to.equal(1);
  });

  suite.it('streams - an abort fails the stream at once, before unread items', async () => {
    const controller = new AbortController();
    const stream = slave.stream('endless', 'abort', { signal: controller.signal });
    await stream.next();
    await made(2);
    controller.abort('enough');
    const error = await rejection(stream.next());
    expect(error).to.be.an.instanceOf(AbortError).with.property('reason', 'enough');
    expect(await stream.next()).to.deep.equal({ done: true, value: undefined });
    expect((await slave.exec('ended', 'abort')).value).to.equal(1);
    const dead = slave.stream('endless', 'aborted before', { signal: controller.signal });
    expect(await rejection(dead.next())).to.be.an.instanceOf(AbortError);
  });

  suite.it('streams - an unknown task and a paused slave fail with their errors', async () => {
    expect((await read(slave.stream('no such task'))).error).to.be.an.instanceOf(UnknownTaskError);
    const paused = suite.createSlave('streams.js');
    await paused.exec('pause');
    expect((await read(paused.stream('generator', 1))).error).to.be.an.instanceOf(SlavePausedError);
    await paused.exit();
  });

  suite.it('streams - a stream is retried until its first item, exec always', async () => {
    const early = { attempt: 3, before: 0 };
    expect(await read(slave.stream('succeeds at', early, { retries: alwaysRetry(2) }))).to.deep.equal({
      items: ['attempt 3'],
      error: undefined,
    });
    const late = { attempt: 2, before: 2 };
    const { items, error } = await read(slave.stream('succeeds at', late, { retries: alwaysRetry(2) }));
    expect(items).to.deep.equal([0, 1]);
    expect(error).to.have.property('message', 'attempt 1');
    const response = await slave.exec('succeeds at', late, { retries: alwaysRetry(2) });
    expect([response.value, response.attempt]).to.deep.equal([[0, 1, 'attempt 2'], 2]);
    expect((await slave.exec('plain at last', 1, { retries: alwaysRetry(1) })).value).to.equal('plain');
  });

  suite.it('streams - each stream emits one response event, however it ends', async () => {
    const heard: unknown[] = [];
    const listen = (response: Response) => void heard.push(response.error === null ? 'fine' : response.error.name);
    slave.on('response', listen);
    await read(slave.stream('generator', 5));
    await read(slave.stream('fails after', 5));
    for await (const item of slave.stream('endless', 'response')) if (item === 0) break;
    slave.off('response', listen);
    expect(heard).to.deep.equal(['fine', 'RangeError', 'fine']);
  });

  suite.it('streams - return in a response listener does not end the stream twice', async () => {
    const own = suite.createSlave('streams.js');
    const controller = new AbortController();
    const stream = own.stream('endless', 'twice', { signal: controller.signal });
    await stream.next();
    let heard = 0;
    own.on('response', () => {
      heard++;
      void stream.return();
    });
    controller.abort();
    expect(own.pending).to.equal(0);
    own.removeAllListeners('response');
    expect(heard).to.equal(1);
    await own.exit();
  });

  suite.it('streams - exit waits for a stream that is being read', async () => {
    const own = suite.createSlave('streams.js');
    const stream = own.stream('generator', 2000);
    await stream.next();
    const exit = own.exit();
    expect((await read(stream)).items).to.deep.equal(range(2000).slice(1));
    expect(await exit).to.include({ forced: false });
  });

  for (const [how, end, expected] of [
    ["exit({ pending: 'abort' })", (slave: SlaveHandle) => slave.exit({ pending: 'abort' }), SlaveExitedError],
    ['kill', (slave: SlaveHandle) => slave.kill(), SlaveExitedError],
  ] as const) {
    suite.it(`streams - ${how} in mid-stream throws after the items before it`, async () => {
      const own = suite.createSlave('streams.js');
      const stream = own.stream('endless', 'end', { highWaterMark: 8 });
      await stream.next();
      // The window is full: eight items are made, and seven of them are waiting here.
      await eventually(async () => ((await own.exec('made')).value as number) >= 8);
      await end(own);
      const { items, error } = await read(stream);
      expect(items).to.deep.equal(range(items.length + 1).slice(1));
      expect(items.length).to.be.at.least(4);
      expect(error).to.be.an.instanceOf(expected).with.property('mayHaveExecuted', true);
      expect(own.running).to.equal(0);
    });
  }

  suite.it(
    'streams - a death in mid-stream throws after the items before it',
    async () => {
      const own = suite.createSlave('streams.js');
      const { items, error } = await read(own.stream('dies after', 5));
      expect(items).to.deep.equal(range(5));
      expect(error).to.be.an.instanceOf(SlaveDiedError).that.includes({ exitCode: 7, mayHaveExecuted: true });
      expect((await read(own.stream('generator', 1))).error).to.be.an.instanceOf(SlaveDiedError);
    },
    { except: { inline: 'process.exit() would end this process' } },
  );

  suite.it('streams - Readable.from and pipeline transfer every byte', async () => {
    const [count, size] = [64, 65_536];
    const expected = createHash('sha256');
    for (const i of range(count)) expected.update(Buffer.alloc(size, (i * 37) % 251));
    const digest = expected.digest('hex');

    const hash = createHash('sha256');
    await pipeline(slave.stream('chunks', { count, size }), new PassThrough(), hash);
    expect(hash.digest('hex')).to.equal(digest);

    const other = createHash('sha256');
    for await (const chunk of Readable.from(slave.stream('chunks', { count, size }), { highWaterMark: 2 })) {
      expect(chunk).to.be.an.instanceOf(Buffer);
      other.update(chunk as Buffer);
    }
    expect(other.digest('hex')).to.equal(digest);
  });

  suite.it('streams - destroying a Readable ends the generator', async () => {
    for (const error of [undefined, new Error('pulled the plug')]) {
      const name = `destroyed ${error}`;
      const readable = Readable.from(slave.stream('endless', name)).on('error', () => undefined);
      await once(readable, 'readable');
      readable.destroy(error);
      expect((await slave.exec('ended', name)).value).to.equal(1);
    }
  });

  suite.it('streams - a generator that never ends after a break does not block other requests', async () => {
    const own = suite.createSlave('streams.js');
    for await (const item of own.stream('never again')) if (item === 'only') break;
    expect(own).to.include({ pending: 0, running: 1 });
    expect((await own.exec('generator', 3)).value).to.deep.equal([0, 1, 2]);
    await own.exit({ pending: 'abort' });
  });

  suite.it('streams - 2,000 streams in succession do not mix up items and leave nothing pending', async () => {
    for (let i = 0; i < 2_000; i++) {
      let read = 0;
      const rest = i % 7;
      for await (const item of slave.stream(i % 2 === 0 ? 'endless' : 'generator', i % 2 === 0 ? 'many' : 5, { highWaterMark: 4 })) {
        expect(item).to.equal(read++);
        if (read > rest) break;
      }
    }
    await eventually(() => slave.running === 0);
    expect(slave.pending).to.equal(0);
  });

  suite.it('streams - 100 concurrent streams get all their items', async () => {
    const all = await Promise.all(
      range(100).map((count) => read(slave.stream('async generator', count, { highWaterMark: 1 + (count % 5) }))),
    );
    expect(all.map(({ items }) => items.length)).to.deep.equal(range(100));
  });
});
