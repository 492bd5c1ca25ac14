import { AsyncLocalStorage } from 'node:async_hooks';
import { expect } from 'chai';
import { contract } from './runtimes';

contract('async context', (suite) => {
  suite.it("async context - a generator passed as data runs in its caller's context, even if its request was queued", async () => {
    const slave = suite.createSlave('feeding.js', { concurrency: 1 });
    const storage = new AsyncLocalStorage<string>();
    const seen: unknown[] = [];
    // eslint-disable-next-line @typescript-eslint/require-await -- a source of items
    async function* source(): AsyncGenerator<number> {
      for (let n = 0; n < 3; n++) {
        seen.push(storage.getStore());
        yield n;
      }
    }
    const ask = (caller: string) => storage.run(caller, () => slave.exec('items', source(), { highWaterMark: 1 }));
    const responses = await Promise.all([ask('Ann'), ask('Ben')]);
    expect(responses.map(({ value }) => value)).to.deep.equal([
      [0, 1, 2],
      [0, 1, 2],
    ]);
    expect(seen).to.deep.equal(['Ann', 'Ann', 'Ann', 'Ben', 'Ben', 'Ben']);
  });
});
