import { expect } from 'chai';
import { Slave, type SlaveHandle } from 'dist-io';
import { contract } from './runtimes';

const CALLERS = Array.from({ length: 10 }, (_, i) => `caller ${i}`);

contract('running context', (suite) => {
  let slave: SlaveHandle;
  beforeEach(() => {
    slave = suite.createSlave('running-context.js');
  });

  /** Executes a task for all callers at one time, on a slave where nobody has asked for the context yet. */
  const forAll = async (task: string, data: unknown = CALLERS.length): Promise<unknown[]> =>
    (await Promise.all(CALLERS.map((caller) => slave.exec(task, data, { caller })))).map((response) => response.unwrap());

  for (const task of ['at once', 'a timer']) {
    suite.it(`running context - concurrent tasks have their own: ${task}`, async () => {
      expect(await forAll(task)).to.deep.equal(CALLERS);
    });
  }

  suite.it('running context - concurrent tasks have their own after awaits', async () => {
    expect(await forAll('awaits')).to.deep.equal(CALLERS.map((caller) => [caller, caller]));
  });

  for (const [task, count] of [
    ['a generator', 22],
    ['a plain generator', 5],
  ] as const) {
    suite.it(`running context - the body of ${task} has its own, whoever asks for its items`, async () => {
      const items = CALLERS.map((caller) => Array<string>(count).fill(caller));
      expect(await forAll(task)).to.deep.equal(items);
      const read = CALLERS.slice(0, 2).map((caller) => collect(slave.stream(task, 2, { caller, highWaterMark: 1 })));
      expect(await Promise.all(read)).to.deep.equal(items.slice(0, 2));
    });
  }

  suite.it('running context - a task that reads a stream keeps it between the items', async () => {
    const read = ['Ann', 'Ben'].map((caller) => slave.exec('reads', numbers(), { caller, highWaterMark: 1 }));
    expect((await Promise.all(read)).map(({ value }) => value)).to.deep.equal(
      ['Ann', 'Ben'].map((caller) => [1, 2, 3].map((number) => [number, caller])),
    );
  });

  suite.it('running context - listeners of its signal and the finally of a closed generator have it', async () => {
    const cancel = new AbortController();
    const waiting = slave.exec('until aborted', undefined, { caller: 'Ann', signal: cancel.signal });
    await slave.exec('at once');
    cancel.abort();
    expect((await waiting).error).to.have.property('code', 'ABORTED');
    expect((await slave.exec('aborted')).value).to.equal('Ann');
    for await (const item of slave.stream('endless', undefined, { caller: 'Ben' })) if (item === 1) break;
    expect((await slave.exec('closed')).value).to.equal('Ben');
  });

  suite.it('running context - a remembered task has that of its first caller', async () => {
    expect(await forAll('cached')).to.deep.equal(CALLERS.map(() => CALLERS[0]));
  });

  suite.it('running context - is what the handler gets as its third parameter', async () => {
    expect((await slave.exec('the same')).value).to.deep.equal([true, true, true]);
    const told: unknown[] = [];
    expect((await slave.exec('progress', undefined, { onProgress: (value) => told.push(value) })).value).to.equal('number');
    expect(told).to.deep.equal(['attempt 1']);
  });

  suite.it('running context - there is none outside of a task', async () => {
    expect(Slave.context()).to.equal(undefined);
    const heard = new Promise((resolve) => slave.once('response', () => resolve(Slave.context())));
    expect((await slave.exec('outside', undefined, { caller: 'Ann' })).value).to.deep.equal([undefined, undefined]);
    expect(await heard).to.equal(undefined);
    const told = new Promise((resolve) => slave.once('response', () => resolve([Slave.context(), Slave.isSlave])));
    await slave.exec('a timer');
    expect(await told).to.deep.equal([undefined, false]);
  });
});

function* numbers(): Generator<number> {
  yield* [1, 2, 3];
}

async function collect(stream: AsyncIterable<unknown>): Promise<unknown[]> {
  const items = [];
  for await (const item of stream) items.push(item);
  return items;
}
