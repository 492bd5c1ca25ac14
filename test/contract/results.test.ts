import { expect } from 'chai';
import { AbortError, SerializationError, type SlaveHandle, TimeoutError } from 'dist-io';
import { contract } from './runtimes';

contract('results', (suite) => {
  let slave: SlaveHandle;
  beforeEach(() => {
    slave = suite.createSlave('remembering.js');
  });
  afterEach(() => slave.exit({ pending: 'abort' }));

  const value = async (task: string, data?: unknown) => (await slave.exec(task, data)).unwrap();
  const runs = (task: string) => value('runs', task);

  describe('remembering', () => {
    suite.it('results - equal data share one result, other data have their own', async () => {
      expect(await value('count', 'a')).to.deep.equal([1, 'a']);
      expect(await value('count', 'b')).to.deep.equal([2, 'b']);
      expect(await value('count', 'a')).to.deep.equal([1, 'a']);
      expect(await value('count')).to.deep.equal([3, undefined]);
      expect(await value('count')).to.deep.equal([3, undefined]);
      expect(await runs('count')).to.equal(3);
    });

    suite.it('results - each task has its own cache', async () => {
      await value('count', 'a');
      expect(await value('count too', 'a')).to.equal(1);
    });

    suite.it('results - a task without cache runs each time', async () => {
      expect([await value('not remembered'), await value('not remembered')]).to.deep.equal([1, 2]);
    });

    suite.it('results - are remembered however the task completes', async () => {
      for (const task of ['by callback', 'by promise']) expect([await value(task), await value(task)]).to.deep.equal([1, 1]);
      expect([await value('nothing'), await value('nothing')]).to.deep.equal([undefined, undefined]);
      expect(await runs('nothing')).to.equal(1);
    });

    suite.it('results - a remembered result keeps its types', async () => {
      for (const data of [new Map([['a', new Date(5)]]), [undefined, NaN, -0, 5n], Buffer.from('abc'), new Error('an error')]) {
        const [first, second] = [await value('everything', data), await value('everything', data)];
        expect(first).to.have.property('data').that.is.deep.equal(data);
        expect(second).to.deep.equal(first);
      }
    });

    suite.it('results - a failure is not remembered', async () => {
      expect((await slave.exec('fails', 'time')).error).to.have.property('message', 'time 1');
      expect((await slave.exec('fails', 'time')).error).to.have.property('message', 'time 2');
      for (let i = 0; i < 2; i++) expect((await slave.exec('throws')).error).to.have.property('cause', 'a text');
      expect(await runs('throws')).to.equal(2);
    });

    suite.it('results - a result that cannot be sent fails and is not remembered', async () => {
      for (let i = 0; i < 2; i++) {
        const { error } = await slave.exec('a function');
        expect(error).to.be.an.instanceOf(SerializationError).with.property('path', 'value[1]');
      }
      expect(await runs('a function')).to.equal(2);
    });

    suite.it('results - later changes by the task do not affect a remembered result', async () => {
      const result = { run: 1, bytes: Buffer.from('abc'), list: [1] };
      for (let i = 0; i < 3; i++) expect(await value('changes its result')).to.deep.equal(result);
      for (let i = 0; i < 3; i++) expect(await value('changes its data', { list: [0] })).to.deep.equal([0, 1]);
    });

    suite.it('results - changes by the caller do not affect a remembered result', async () => {
      const first = (await value('everything', { list: [1] })) as { data: { list: number[] } };
      first.data.list.push(2);
      expect(await value('everything', { list: [1] })).to.have.deep.property('data', { list: [1] });
    });
  });

  describe('limits', () => {
    suite.it('ttl - an older result is computed again', async () => {
      expect(await value('short-lived')).to.equal(1);
      let run = 1;
      for (let tries = 0; run === 1 && tries < 10_000; tries++) run = (await value('short-lived')) as number;
      expect(run).to.equal(2);
    });

    suite.it('ttl - a younger result is remembered, and size 0 means no limit', async () => {
      expect([await value('long-lived'), await value('long-lived')]).to.deep.equal([1, 1]);
    });

    suite.it('size - evicts the least recently used results', async () => {
      const run = async (length: number) => ((await value('small', { length })) as { run: number }).run;
      expect([await run(400), await run(401)]).to.deep.equal([1, 2]);
      expect([await run(400), await run(402)]).to.deep.equal([1, 3]);
      expect([await run(400), await run(402)]).to.deep.equal([1, 3]);
      expect(await run(401)).to.equal(4);
    });

    suite.it('size - a larger result is not remembered and evicts nothing', async () => {
      const run = async (length: number) => ((await value('small', { length })) as { run: number }).run;
      expect(await run(400)).to.equal(1);
      expect([await run(2000), await run(2000)]).to.deep.equal([2, 3]);
      expect(await run(400)).to.equal(1);
    });
  });

  describe('key', () => {
    suite.it('key - results are remembered by the key', async () => {
      expect(await value('by name', { name: 'Ann', age: 1 })).to.deep.equal([1, 'Ann', 1]);
      expect(await value('by name', { name: 'Ann', age: 2 })).to.deep.equal([1, 'Ann', 1]);
      expect(await value('by name', { name: 'Ben', age: 1 })).to.deep.equal([2, 'Ben', 1]);
    });

    for (const [kind, found] of [
      ['function', 'key.deep[0] is a function'],
      ['class', 'key is an instance of Unknown'],
      ['promise', 'key is a promise'],
    ]) {
      suite.it(`key - a ${kind} as a key fails the task and names it`, async () => {
        const { error } = await slave.exec('key of', kind);
        expect(error).to.be.an.instanceOf(TypeError);
        expect(error?.message).to.equal(
          `The task 'key of' has a cache whose key is not plain data: ${found}. Let cache.key return plain data.`,
        );
      });
    }

    suite.it('key - its error fails the task', async () => {
      expect((await slave.exec('key of', 'error')).error)
        .to.be.an.instanceOf(RangeError)
        .with.property('message', 'no key');
      expect(await runs('key of')).to.equal(0);
    });
  });

  describe('streams', () => {
    for (const task of ['items', 'no items']) {
      suite.it(`results - a task with a cache that returns a stream (${task}) fails`, async () => {
        const { error } = await slave.exec(task);
        expect(error).to.be.an.instanceOf(TypeError).with.property('message').that.contains(`'${task}' streams`);
        expect((await slave.exec(task)).ok).to.equal(false);
      });
    }

    suite.it('results - a stream as data fails and the error says what to do', async () => {
      const { error } = await slave.exec('count', (function* () {})());
      expect(error).to.be.an.instanceOf(TypeError).with.property('message').that.contains('send an array');
    });

    suite.it('results - every caller of a shared run gets its progress', async () => {
      const heard: unknown[][] = [[], []];
      const answers = heard.map((words) => slave.exec('told', 'a', { onProgress: (word) => words.push(word) }));
      await slave.exec('the first goes on');
      expect((await Promise.all(answers)).map(({ value }) => value)).to.deep.equal([1, 1]);
      expect(heard[0]).to.deep.equal(['begun', 'nearly']);
      expect(heard[1]).to.deep.equal(['nearly']);
    });
  });

  describe('shared runs', () => {
    const wait = (data: string, metadata = {}) => slave.exec('wait', data, metadata);

    suite.it('shared run - equal concurrent requests run once, with the metadata of the first', async () => {
      const answers = [wait('a', { from: 'first' }), wait('a', { from: 'second' }), wait('b')];
      await value('go on');
      expect((await Promise.all(answers)).map((answer) => answer.unwrap())).to.deep.equal([
        [1, 'a', 'first'],
        [1, 'a', 'first'],
        [2, 'b', undefined],
      ]);
      expect((await wait('a')).value).to.deep.equal([1, 'a', 'first']);
    });

    suite.it('shared run - an error reaches every caller, and the next request runs again', async () => {
      const answers = [wait('a'), wait('a')];
      await value('go on', 'no luck');
      for (const { error } of await Promise.all(answers)) expect(error).to.have.property('message', 'no luck');
      const again = wait('a');
      await value('go on');
      expect((await again).value).to.deep.equal([2, 'a', undefined]);
    });

    suite.it("shared run - a caller's timeout or abort does not stop the run for the others", async () => {
      const controller = new AbortController();
      const late = wait('a', { timeout: 20 });
      const given = wait('a', { signal: controller.signal });
      const patient = wait('a');
      expect((await late).error).to.be.an.instanceOf(TimeoutError);
      controller.abort();
      expect((await given).error).to.be.an.instanceOf(AbortError);
      expect(await value('aborted')).to.deep.equal([]);
      await value('go on');
      expect((await patient).value).to.deep.equal([1, 'a', undefined]);
      expect((await wait('a')).value).to.deep.equal([1, 'a', undefined]);
    });

    suite.it('shared run - a result that no caller waited for is not remembered', async () => {
      expect((await wait('a', { timeout: 20 })).error).to.be.an.instanceOf(TimeoutError);
      await value('go on');
      const again = wait('a');
      await value('go on');
      expect((await again).value).to.deep.equal([2, 'a', undefined]);
    });

    suite.it('shared run - its signal aborts when every caller has cancelled', async () => {
      const controller = new AbortController();
      const answers = [wait('a', { signal: controller.signal }), wait('a', { signal: controller.signal })];
      await value('runs', 'wait');
      controller.abort();
      for (const { error } of await Promise.all(answers)) expect(error).to.be.an.instanceOf(AbortError);
      expect(await value('aborted')).to.deep.equal([['a', 'AbortError']]);
      // Nor does it wait for what the others gave up, which ends first.
      const again = wait('a');
      await value('the first goes on');
      const joined = wait('a');
      await value('go on');
      expect((await joined).value).to.deep.equal([2, 'a', undefined]);
      expect((await again).value).to.deep.equal([2, 'a', undefined]);
      expect((await wait('a')).value).to.deep.equal([2, 'a', undefined]);
    });
  });
});
