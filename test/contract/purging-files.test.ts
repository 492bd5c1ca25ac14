import { resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { expect } from 'chai';
import { agedFiles } from '../cache/support/aged-files';
import { contract } from './runtimes';

contract('purging files', (suite) => {
  const texts = agedFiles({ a: 'aaa', b: 'bb' });

  suite.it("purging files - each slave's file cache forgets the named files and reports what was freed", async () => {
    // Inline slaves share their process, and so its cache.
    const slaves = Array.from({ length: suite.runtime === 'inline' ? 1 : 2 }, () => suite.createSlave('reading.js'));
    for (const slave of slaves) for (const name of ['a', 'b']) await slave.exec('read', texts.path(name), { rejectOnError: true });
    const report = await suite.master.purgeCache(texts.path('a')).in(slaves);
    expect(report).to.deep.include({ files: slaves.length, bytes: 3 * slaves.length });
    expect(report.slaves.map(({ id }) => id)).to.deep.equal(slaves.map(({ id }) => id));
    for (const slave of slaves) {
      expect((await slave.exec('is cached', texts.path('a'))).value).to.equal(false);
      expect((await slave.exec('is cached', texts.path('b'))).value).to.equal(true);
    }
    expect(await suite.master.purgeCache().in(slaves)).to.deep.include({ files: slaves.length, bytes: 2 * slaves.length });
    for (const slave of slaves) await slave.exec('rest', undefined, { rejectOnError: true });
  });

  suite.it('purging files - the cache of a process is purged once, with absolute paths', async () => {
    const slave = suite.createSlave('purgeable.js');
    await slave.exec('share');
    await slave.exec('remembered');
    const page = resolve('templates/page.html');
    const report = await suite.master.purgeCache('templates/page.html', pathToFileURL('/a b'), 'file:///c').in(slave);
    expect(report).to.include({ files: 2, results: 0, bytes: 100 });
    const { files, results, bytes } = await suite.master.purgeCache().in(slave);
    expect([files, results]).to.deep.equal([2, 1]);
    expect(bytes).to.be.greaterThan(100);
    expect((await slave.exec('told')).value).to.deep.equal([
      { files: [page, '/a b', '/c'], tasks: ['templates/page.html', 'file:///c'] },
      { files: [], tasks: [] },
    ]);
  });
});
