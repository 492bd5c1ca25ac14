import { getHeapStatistics } from 'node:v8';
import { expect } from 'chai';
import { cache as shared, FileCache } from 'dist-io/cache';
import { agedFiles } from './support/aged-files';

describe('cache: options', () => {
  const names = ['a', 'b', 'c', 'd'];
  const files = agedFiles({ ...Object.fromEntries(names.map((name) => [name, name.repeat(1000)])), large: 'l'.repeat(5000) });
  const kept = (cache: FileCache) => names.filter((name) => cache.isCached(files.path(name))).join('');
  const read = (cache: FileCache, text: string) => text.split('').forEach((name) => cache.readSync(files.path(name)));

  it('defaults - size is a quarter of the heap limit and watch is true', () => {
    const { heap_size_limit } = getHeapStatistics();
    expect(new FileCache().getOptions()).to.deep.equal({ size: Math.floor(heap_size_limit / 4), watch: true });
    expect(shared.getOptions()).to.deep.equal({ size: Math.floor(heap_size_limit / 4), watch: true });
  });

  it('setOptions - accepts size strings, keeps other options, and resets undefined ones', () => {
    const cache = new FileCache({ watch: false });
    expect(cache.setOptions({ size: '1.5 KB' })).to.equal(cache);
    expect(cache.getOptions()).to.deep.equal({ size: 1536, watch: false });
    expect(cache.setOptions({ watch: true }).getOptions()).to.deep.equal({ size: 1536, watch: true });
    expect(cache.setOptions({ size: undefined }).getOptions()).to.deep.equal(new FileCache().getOptions());
    for (const none of [0, -5, '0', '-1mb', Infinity]) expect(cache.setOptions({ size: none }).getOptions().size).to.equal(Infinity);
  });

  it('setOptions - rejects unknown names and values', () => {
    const cache = new FileCache({ size: '2kb' });
    expect(() => cache.setOptions({ sise: 5 } as never)).to.throw(
      TypeError,
      "There is no option 'sise'. Did you mean 'size'? The options are: size, watch.",
    );
    expect(() => cache.setOptions({ size: '5 apples' })).to.throw(TypeError, "size must be a size in bytes or a string such as '64mb'");
    expect(() => cache.setOptions({ watch: 'yes' } as never)).to.throw(TypeError, "watch must be true or false, not 'yes'");
    expect(() => cache.setOptions(undefined as never)).to.throw(TypeError, 'The options must be an object');
    expect(() => new FileCache({ nonsense: true } as never)).to.throw(TypeError, "There is no option 'nonsense'");
    expect(cache.getOptions()).to.deep.equal({ size: 2048, watch: true });
  });

  it('size - evicts the least recently used file first', () => {
    const cache = new FileCache({ size: 3000 });
    read(cache, 'abc');
    expect([kept(cache), cache.currentSize, cache.utilized]).to.deep.equal(['abc', 3000, 1]);
    read(cache, 'ad');
    expect(kept(cache)).to.equal('acd');
  });

  it('size - isCached and sizeOf do not count as a use', () => {
    const cache = new FileCache({ size: 3000 });
    read(cache, 'abc');
    cache.isCached(files.path('a'));
    cache.sizeOf(files.path('a'));
    cache.dump();
    read(cache, 'd');
    expect(kept(cache)).to.equal('bcd');
  });

  it('size - a file larger than the cache is read, not kept, and evicts nothing', async () => {
    const cache = new FileCache({ size: 3000 });
    read(cache, 'abc');
    expect(cache.readSync(files.path('large'), 'utf8')).to.have.length(5000);
    expect(await cache.read(files.path('large'))).to.have.length(5000);
    expect(kept(cache)).to.equal('abc');
    expect(cache.isCached(files.path('large'))).to.be.false;
  });

  it('size - a file whose decoded strings exceed the size is evicted', () => {
    const cache = new FileCache({ size: 3000 });
    read(cache, 'a');
    expect(cache.readSync(files.path('a'), 'hex')).to.have.length(2000);
    expect(cache.currentSize).to.equal(3000);
    expect(cache.readSync(files.path('a'), 'latin1')).to.have.length(1000);
    expect(cache.currentSize).to.equal(0);
  });

  it('size - reducing it keeps the most recently used files', () => {
    const cache = new FileCache();
    read(cache, 'abcda');
    cache.setOptions({ size: '2kb' });
    expect([kept(cache), cache.currentSize]).to.deep.equal(['ad', 2000]);
    expect(cache.dump().map(({ hits }) => hits)).to.deep.equal([1, 0]);
    expect(cache.purge(files.path('a'))).to.deep.equal({ files: 1, bytes: 1000 });
  });

  it('size - with Infinity nothing is evicted', () => {
    const cache = new FileCache({ size: 0 });
    read(cache, 'abcd');
    expect([kept(cache), cache.utilized]).to.deep.equal(['abcd', 0]);
  });
});
