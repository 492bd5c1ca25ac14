import { AsyncLocalStorage } from 'node:async_hooks';
import { expect } from 'chai';
import { Master, PayloadTooLargeError, SerializationError, type SlaveHandle } from 'dist-io';
import { fixture } from '../support/fixture';
import { range } from '../support/range';
import { alwaysRetry } from '../support/always-retry';
import { contract } from './runtimes';

const numbersTo = (count: number) => range(count).map((i) => i + 1);

contract('progress', (suite) => {
  let slave: SlaveHandle;
  before(() => (slave = suite.createSlave('progress.js')));

  /** What a task told, and its answer among it. */
  async function told(task: string, data?: unknown, metadata = {}): Promise<unknown[]> {
    const heard: unknown[] = [];
    const response = await slave.exec(task, data, { ...metadata, onProgress: (value) => heard.push(value) });
    return [...heard, response.value];
  }

  suite.it('progress - every update arrives in order before the result', async () => {
    const heard = await told('count', 1000);
    expect(heard.at(-1)).to.equal('done');
    expect(heard.at(-2)).to.equal(1000);
    const numbers = heard.slice(0, -1) as number[];
    expect(numbers).to.deep.equal([...new Set(numbers)].sort((a, b) => a - b));
    expect(await told('count', 20)).to.deep.equal([...numbersTo(20), 'done']);
  });

  suite.it('progress - updates that are faster than the reader are dropped, except the last', async () => {
    const heard = await told('flood', 10_000);
    expect(heard.slice(-2)).to.deep.equal([10_000, 'done']);
    expect(heard.length).to.be.below(1000);
    expect(heard[0]).to.equal(1);
  });

  suite.it('progress - an update is a snapshot, even if it has to wait', async () => {
    expect((await told('changes what it told', 5)).slice(0, 5)).to.deep.equal(numbersTo(5).map((at) => ({ at })));
    expect((await told('changes what it told', 500)).slice(-2)).to.deep.equal([{ at: 500 }, 'done']);
  });

  suite.it('progress - updates after the completion are ignored', async () => {
    expect(await told('afterwards')).to.deep.equal(['before', 'done']);
    expect((await slave.exec('echo', 1)).value).to.equal(1);
  });

  for (const before of [0, 31, 32, 100]) {
    suite.it(`progress - a value that cannot be sent throws in the task, after ${before} others`, async () => {
      const heard = await told('functions', before);
      const [count, error] = heard.at(-1) as [number, SerializationError];
      expect(count).to.equal(100);
      expect(error).to.include({ name: 'SerializationError', code: 'NOT_SERIALIZABLE' });
      expect(heard.at(-2)).to.equal('last');
    });
  }

  suite.it('progress - a value that is too large throws in the task', async () => {
    const small = suite.createSlave('progress.js', { maxPayload: 50_000 });
    const { error } = await small.exec('too large');
    expect(error).to.have.property('name', PayloadTooLargeError.name);
    await small.exit();
  });

  suite.it("progress - a streaming task's updates arrive, the last one even if an item cannot be sent", async () => {
    const heard: unknown[] = [];
    const items: unknown[] = [];
    for await (const item of slave.stream('stream', 5, { onProgress: (value) => heard.push(value) })) items.push(item);
    expect(items).to.deep.equal(numbersTo(5));
    expect(heard).to.deep.equal(numbersTo(5).map((i) => `told ${i}`));
    const last: unknown[] = [];
    const { error } = await slave.exec('stuck item', 1, { onProgress: (value) => last.push(value) });
    expect(error).to.be.an.instanceOf(SerializationError);
    expect(last.at(-1)).to.equal(1000);
  });

  suite.it('progress - updates of each attempt arrive', async () => {
    const heard: unknown[] = [];
    await slave.exec('try', 1, { retries: alwaysRetry(40), onProgress: (value) => heard.push(value) });
    expect(heard).to.deep.equal(numbersTo(41).map((i) => `attempt ${i}`));
  });

  suite.it('progress - is emitted by the handle, the group and the master', async () => {
    const master = new Master({ runtime: suite.runtime });
    const group = master.createSlaves(1, fixture('progress.js'));
    const heard: unknown[] = [];
    group[0].on('progress', (task, value) => heard.push(['slave', task, value]));
    group.on('progress', (slave, task, value) => heard.push([slave.id, task, value]));
    master.on('progress', (slave, task, value) => heard.push([slave.alias, task, value]));
    await group[0].exec('count', 1, { onProgress: () => heard.push('first') });
    expect(heard).to.deep.equal(['first', ['slave', 'count', 1], [0, 'count', 1], [null, 'count', 1]]);
    await master.exit();
  });

  suite.it("progress - a callback's error is thrown in its own tick", async () => {
    const listeners = process.listeners('uncaughtException');
    process.removeAllListeners('uncaughtException');
    const uncaught: unknown[] = [];
    process.on('uncaughtException', (error) => uncaught.push(error.message));
    try {
      const onProgress = (value: unknown): void => {
        throw new Error(`heard ${String(value)}`);
      };
      expect((await slave.exec('count', 3, { onProgress })).value).to.equal('done');
      await new Promise(setImmediate);
      expect(uncaught).to.deep.equal(['heard 1', 'heard 2', 'heard 3']);
    } finally {
      process.removeAllListeners('uncaughtException');
      for (const listener of listeners) process.on('uncaughtException', listener);
    }
  });

  suite.it("progress - the callback and the code after the call keep the caller's AsyncLocalStorage", async () => {
    const storage = new AsyncLocalStorage<string>();
    const heard: unknown[] = [];
    const call = (name: string) =>
      storage.run(name, async () => {
        await slave.exec('count', 2, { onProgress: () => heard.push(storage.getStore()) });
        heard.push(`after ${storage.getStore()}`);
        for await (const item of slave.stream('stream', 1)) heard.push(`${String(item)} ${storage.getStore()}`);
      });
    await call('a');
    await call('b');
    expect(heard).to.deep.equal(['a', 'a', 'after a', '1 a', 'b', 'b', 'after b', '1 b']);
  });

  suite.it('progress - onProgress must be a function and is not sent', async () => {
    expect(() => slave.exec('echo', 1, { onProgress: 1 as never })).to.throw(TypeError, 'onProgress');
    expect((await slave.exec('echo', 1, Object.freeze({ onProgress: () => undefined }))).value).to.equal(1);
  });
});
