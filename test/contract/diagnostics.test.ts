import { AsyncLocalStorage } from 'node:async_hooks';
import { type TracingChannel, tracingChannel } from 'node:diagnostics_channel';
import { expect } from 'chai';
import type { RequestDiagnostics, SlaveHandle } from 'dist-io';
import { alwaysRetry } from '../support/always-retry';
import { contract } from './runtimes';

/** One published event: the message as it was then, and the number of the message object. */
interface Published {
  name: string;
  object: number;
  message: RequestDiagnostics;
}

const EVENTS = ['start', 'end', 'asyncStart', 'asyncEnd', 'error'] as const;

const channel: TracingChannel<unknown, RequestDiagnostics> = tracingChannel('dist-io:request');

contract('diagnostics', (suite) => {
  let slave: SlaveHandle;
  before(() => (slave = suite.createSlave('diagnostics.js')));

  /** Runs a function while subscribed. @param onEvent called for each event of the slave's requests */
  async function subscribed(onEvent: (name: string, message: RequestDiagnostics) => void, during: () => Promise<unknown>): Promise<void> {
    const subscribers = Object.fromEntries(
      EVENTS.map((name) => [name, (message: RequestDiagnostics) => message.slave === slave && onEvent(name, message)]),
    ) as never;
    channel.subscribe(subscribers);
    try {
      await during();
    } finally {
      channel.unsubscribe(subscribers);
    }
  }

  async function published(during: () => Promise<unknown>): Promise<Published[]> {
    const events: Published[] = [];
    const seen: unknown[] = [];
    await subscribed((name, message) => {
      if (!seen.includes(message)) seen.push(message);
      events.push({ name, object: seen.indexOf(message), message: { ...message } });
    }, during);
    return events;
  }

  const order = (events: Published[]): string[] => events.map(({ name, object }) => `${object} ${name}`);

  suite.it('diagnostics - a request publishes the events of a tracing channel with one object in the master', async () => {
    const metadata = { own: 1 };
    const events = await published(() => slave.exec('echo', 'data', metadata));
    expect(order(events)).to.deep.equal(['0 start', '0 end', '0 asyncStart', '0 asyncEnd']);
    expect(events[0].message).to.deep.equal({ slave, task: 'echo', data: 'data', metadata });
    expect(events[1].message).to.not.have.any.keys('result', 'error');
    expect(events[2].message).to.include({ result: 'data' }).and.not.have.property('error');
    expect(events[2].message.metadata).to.equal(metadata);
  });

  suite.it('diagnostics - a failed request publishes error before asyncStart, once for all attempts', async () => {
    const events = await published(() => slave.exec('fail', 1, { retries: alwaysRetry(2) }));
    expect(order(events)).to.deep.equal(['0 start', '0 end', '0 error', '0 asyncStart', '0 asyncEnd']);
    expect(events[3].message.error).to.be.an.instanceOf(RangeError);
    expect(events[3].message).to.not.have.property('result');
  });

  suite.it('diagnostics - a request that rejects publishes the same events', async () => {
    const events = await published(() => slave.exec('fail', 1, { rejectOnError: true }).catch(() => undefined));
    expect(order(events)).to.deep.equal(['0 start', '0 end', '0 error', '0 asyncStart', '0 asyncEnd']);
  });

  suite.it('diagnostics - a stream publishes asyncStart when it has ended or its reader has left', async () => {
    const events = await published(async () => {
      for await (const item of slave.stream('stream', 3)) expect(item).to.be.a('number');
      for await (const item of slave.stream('stream', 1000)) if (item === 1) break;
      await slave.exec('stream', 2);
    });
    expect(order(events)).to.deep.equal([0, 1, 2].flatMap((i) => [`${i} start`, `${i} end`, `${i} asyncStart`, `${i} asyncEnd`]));
    expect(events.at(-1)?.message.result).to.deep.equal([0, 1]);
  });

  suite.it('diagnostics - a request that is refused at once is settled before end', async () => {
    const events = await published(() => slave.exec('echo', 1, { signal: AbortSignal.abort() }));
    expect(order(events)).to.deep.equal(['0 start', '0 error', '0 asyncStart', '0 asyncEnd', '0 end']);
    expect(events[1].message.error).to.have.property('code', 'ABORTED');
  });

  suite.it('diagnostics - a call of a client publishes the events of a request', async () => {
    const events = await published(() => (slave.as() as { echo: (data: string) => Promise<unknown> }).echo('data'));
    expect(order(events)).to.deep.equal(['0 start', '0 end', '0 asyncStart', '0 asyncEnd']);
  });

  suite.it('diagnostics - a store bound to start is active while the data stream and when the request is settled', async () => {
    const storage = new AsyncLocalStorage<string>();
    const stores: Record<string, unknown> = {};
    channel.start.bindStore(storage, (message) => message.task);
    try {
      await subscribed(
        (name) => (stores[name] = storage.getStore()),
        () =>
          slave.exec(
            'collect',
            (function* () {
              stores.data = storage.getStore();
              yield 1;
            })(),
            { onProgress: () => (stores.progress = storage.getStore()) },
          ),
      );
    } finally {
      channel.start.unbindStore(storage);
    }
    const task = 'collect';
    expect(stores).to.deep.equal({ start: task, end: task, data: task, progress: task, asyncStart: task, asyncEnd: task });
    expect(storage.getStore()).to.equal(undefined);
  });

  suite.it('diagnostics - a request that started without subscribers publishes nothing', async () => {
    const answer = slave.exec('echo', 1);
    expect(await published(() => answer)).to.deep.equal([]);
  });

  suite.it('diagnostics - each attempt of a task publishes the events of a tracing channel in the slave', async () => {
    await slave.exec('listen');
    await slave.exec('echo', 'data');
    await slave.exec('fail', 1, { retries: alwaysRetry(1) });
    await slave.exec('later', 1);
    await slave.exec('stream', 2);
    await slave.exec('stuck');
    const events = (await slave.exec('published')).value as Record<'name' | 'task' | 'object' | 'attempt' | 'error' | 'result', unknown>[];
    const settled = (i: number, task: string) => ['start', 'end', 'asyncStart', 'asyncEnd'].map((name) => `${i} ${task} ${name}`);
    const failed = (i: number, task: string) => ['start', 'end', 'error', 'asyncStart', 'asyncEnd'].map((name) => `${i} ${task} ${name}`);
    // The task that subscribes publishes nothing: it has started without subscribers.
    expect(events.map(({ name, task, object }) => `${object as number} ${task as string} ${name as string}`)).to.deep.equal([
      ...settled(0, 'echo'),
      ...failed(1, 'fail'),
      ...failed(2, 'fail'),
      ...settled(3, 'later'),
      ...settled(4, 'stream'),
      ...failed(5, 'stuck'),
    ]);
    const last = (object: number) => events.filter((event) => event.object === object).at(-1);
    expect(last(0)).to.include({ data: 'data', result: 'data' });
    expect([last(1), last(2)].map((event) => [event?.error, event?.attempt])).to.deep.equal([
      ['RangeError', 1],
      ['RangeError', 2],
    ]);
    expect(last(3)).to.include({ result: 1 });
    expect(last(5)).to.include({ error: 'SerializationError' });
  });

  suite.it('diagnostics - requests that share one run of a cached task publish their own events only', async () => {
    await slave.exec('listen');
    await Promise.all([slave.exec('cached', 1), slave.exec('cached', 1)]);
    const events = (await slave.exec('published')).value as Record<'name' | 'object', unknown>[];
    const objects = [...new Set(events.map(({ object }) => object))];
    expect(objects.map((object) => events.filter((event) => event.object === object).map(({ name }) => name))).to.deep.equal([
      ['start', 'end', 'asyncStart', 'asyncEnd'],
      ['start', 'end', 'asyncStart', 'asyncEnd'],
    ]);
  });

  suite.it('diagnostics - a store bound to start of a task is active in its handler, its generator and its events', async () => {
    await slave.exec('bind');
    try {
      expect((await slave.exec('store')).value).to.deep.equal(['store', 'store']);
      expect((await slave.exec('stores')).value).to.deep.equal(['stores', 'stores']);
      expect((await slave.exec('delegates')).value).to.deep.equal(['delegates']);
      expect((await slave.exec('events')).value).to.deep.include({ store: ['end', 'asyncStart', 'asyncEnd'] });
    } finally {
      await slave.exec('unbind');
    }
  });
});
