import { linkSync, symlinkSync } from 'node:fs';
import { expect } from 'chai';
import { cache as shared, FileCache } from 'dist-io/cache';
import type { Slave } from '../../src/slave/slave';
import { agedFiles } from './support/aged-files';

describe('cache: purging', () => {
  const files = agedFiles({ a: 'aaa', b: 'bb', c: 'c', d: 'ddd' });
  const read = (cache: FileCache, ...names: string[]) => names.forEach((name) => cache.readSync(files.path(name)));
  const kept = (cache: FileCache) => cache.dump().map(({ file }) => file.slice(files.folder.length + 1));

  it('purge - forgets the named files and reports what was freed', () => {
    const cache = new FileCache();
    read(cache, 'a', 'b', 'c');
    expect(cache.purge(files.path('a'), Buffer.from(files.path('b')), files.path('b'), files.path('nowhere'))).to.deep.equal({
      files: 2,
      bytes: 5,
    });
    expect(kept(cache)).to.deep.equal(['c']);
    expect(cache.purge(files.path('a'))).to.deep.equal({ files: 0, bytes: 0 });
  });

  it('purge - without arguments forgets every file', () => {
    const cache = new FileCache();
    read(cache, 'a', 'b', 'c');
    expect(cache.purge()).to.deep.equal({ files: 3, bytes: 6 });
    expect([kept(cache), cache.currentSize]).to.deep.equal([[], 0]);
    expect(cache.purge()).to.deep.equal({ files: 0, bytes: 0 });
  });

  it('purge - forgets a file whichever of its names is given', () => {
    const cache = new FileCache();
    linkSync(files.path('d'), files.path('hard'));
    symlinkSync(files.path('d'), files.path('soft'));
    cache.setOptions({ watch: false });
    read(cache, 'd', 'hard', 'soft', 'b');
    expect(cache.purge(files.path('soft'))).to.deep.equal({ files: 3, bytes: 9 });
    expect(kept(cache)).to.deep.equal(['b']);
  });

  for (const names of [[], ['b']]) {
    it(`purge - of ${names.length === 0 ? 'all files' : 'one file'} also discards a read in progress`, async () => {
      const cache = new FileCache();
      const reading = cache.read(files.path('b'), 'utf8');
      await Promise.resolve();
      await Promise.resolve();
      cache.purge(...names.map((name) => files.path(name)));
      expect(await reading).to.equal('bb');
      expect(kept(cache)).to.deep.equal([]);
    });
  }

  it('purge - of one file does not affect the read of another', async () => {
    const cache = new FileCache();
    const reading = cache.read(files.path('b'), 'utf8');
    await Promise.resolve();
    await Promise.resolve();
    cache.purge(files.path('c'));
    await reading;
    expect(kept(cache)).to.deep.equal(['b']);
  });

  it('slave - purge clears the cache of its process', () => {
    // Not that of `src`, which would be a second copy: the one that the package has made.
    const slave = (globalThis as { [key: symbol]: unknown })[Symbol.for('dist-io.slave')] as Slave;
    const purge = (purged: readonly string[], tasks: readonly string[]) =>
      [...slave.purgeables].map((one) => one.purge({ files: purged, tasks }));
    shared.purge();
    read(shared, 'a', 'b', 'c');
    expect(purge([files.path('a')], [])).to.deep.equal([{ files: 1, results: 0, bytes: 3 }]);
    expect(purge([], ['a task'])).to.deep.equal([{ files: 0, results: 0, bytes: 0 }]);
    expect(purge([], [])).to.deep.equal([{ files: 2, results: 0, bytes: 3 }]);
  });
});
