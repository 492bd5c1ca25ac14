import { writeFileSync } from 'node:fs';
import { expect } from 'chai';
import { cache } from 'dist-io/cache';
import { agedFiles } from '../cache/support/aged-files';
import { contract } from './runtimes';

contract('cache', (suite) => {
  const files = agedFiles({ page: 'page', other: 'other' });
  before(() => cache.purge());
  after(() => cache.purge());

  suite.it('cache - a slave reads a file once and again after a change', async () => {
    const slave = suite.createSlave('reads-files.js');
    const counts = async () => (await slave.exec('counts')).unwrap() as { hits: number; misses: number; size: number };
    const before = await counts();
    const hitsHere = cache.hits;
    for (let times = 0; times < 3; times++) expect((await slave.exec('read', files.path('page'))).unwrap()).to.equal('page');
    expect(Buffer.from((await slave.exec('read as bytes', files.path('other'))).unwrap() as Buffer).toString()).to.equal('other');
    const after = await counts();
    expect([after.hits - before.hits, after.misses - before.misses, after.size]).to.deep.equal([2, 2, 9]);
    expect((await slave.exec('purge', [files.path('other')])).unwrap()).to.deep.equal({ files: 1, bytes: 5 });
    writeFileSync(files.path('page'), 'changed');
    expect((await slave.exec('read', files.path('page'))).unwrap()).to.equal('changed');
    // Inline slaves share the cache of their process; the others have their own.
    expect(cache.hits > hitsHere).to.equal(suite.runtime === 'inline');
  });
});
