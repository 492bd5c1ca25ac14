import { expect } from 'chai';
import { contract } from './runtimes';

contract('context', (suite) => {
  suite.it('context - has the metadata, signal, attempt and slave of the request', async () => {
    const slave = suite.createSlave('context.js');
    const { value } = await slave.exec('context', undefined, { user: 'Ann', tags: ['a'] });
    expect(value).to.deep.equal({
      metadata: { user: 'Ann', tags: ['a'] },
      aborted: false,
      isSignal: true,
      attempt: 1,
      isThisSlave: true,
    });
  });

  suite.it('context - metadata are an empty object by default', async () => {
    const slave = suite.createSlave('context.js');
    for (const metadata of [undefined, {}, { timeout: '1m' }])
      expect((await slave.exec('context', 1, metadata)).value).to.have.deep.property('metadata', {});
  });

  suite.it("context - metadata contain every key that is not one of dist-io's", async () => {
    const slave = suite.createSlave('context.js');
    const metadata = { timeout: '1m', rejectOnError: true, signal: new AbortController().signal, Timeout: 1, __proto__: 2, id: 3, task: 4 };
    const { value } = await slave.exec('context', undefined, metadata);
    expect(value).to.have.deep.property('metadata', { Timeout: 1, id: 3, task: 4 });
  });

  suite.it("context - the caller's metadata object is never changed", async () => {
    const slave = suite.createSlave('context.js');
    const metadata = Object.freeze({ timeout: '1m', rejectOnError: false, user: Object.freeze({ name: 'Ann' }) });
    const before = structuredClone(metadata);
    await slave.exec('context', undefined, metadata);
    await suite.master.tell([slave]).to('context', undefined, metadata);
    expect(metadata).to.deep.equal(before);
  });

  suite.it('context - concurrent requests have different ids', async () => {
    const slave = suite.createSlave('context.js');
    await Promise.all(Array.from({ length: 10 }, () => slave.exec('context')));
    const ids = (await slave.exec('ids')).value as number[];
    expect(new Set(ids).size).to.equal(10);
  });

  suite.it('context - Slave and self have the id, alias and group', async () => {
    const named = suite.createSlave('context.js', { alias: 'named', group: 'readers' });
    const plain = suite.createSlave('context.js');
    const facts = { isSlave: true, isPaused: false };
    expect((await named.exec('who')).value).to.deep.equal({ id: named.id, alias: 'named', group: 'readers', ...facts });
    expect((await plain.exec('who')).value).to.deep.equal({ id: plain.id, alias: null, group: null, ...facts });
    for (const slave of [named, plain]) {
      expect((await slave.exec('self')).value).to.equal(slave.id);
      expect((await slave.exec('later self')).value).to.deep.equal([slave.id, slave.id]);
    }
  });
});
