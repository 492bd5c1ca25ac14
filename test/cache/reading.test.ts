import { constants } from 'node:buffer';
import { readFileSync, truncateSync, writeFileSync } from 'node:fs';
import { relative } from 'node:path';
import { pathToFileURL } from 'node:url';
import { expect } from 'chai';
import { FileCache } from 'dist-io/cache';
import { agedFiles } from './support/aged-files';
import { rejection } from '../support/rejection';

const TEXT = 'Grüße – ∑ of all\n';

describe('cache: reading', () => {
  const files = agedFiles({ 'a.txt': TEXT, 'b.txt': 'b', 'latin.txt': 'plain', 'c.bin': Buffer.from([0, 255, 128, 1]) });
  let cache: FileCache;
  beforeEach(() => (cache = new FileCache()));

  it('read - resolves what fs reads, as a Buffer and as a string', async () => {
    for (const name of ['a.txt', 'c.bin']) {
      const file = files.path(name);
      for (let times = 0; times < 2; times++) {
        expect(await cache.read(file)).to.deep.equal(readFileSync(file));
        expect(cache.readSync(file)).to.deep.equal(readFileSync(file));
        for (const encoding of ['utf8', 'UTF-8', 'ucs2', 'utf16le', 'latin1', 'binary', 'ascii', 'base64', 'base64url', 'hex'] as const) {
          expect(await cache.read(file, encoding as BufferEncoding), encoding).to.equal(readFileSync(file, encoding as BufferEncoding));
          expect(cache.readSync(file, encoding as BufferEncoding), encoding).to.equal(readFileSync(file, encoding as BufferEncoding));
        }
      }
    }
  });

  it('read - reads an unchanged file from disk once', async () => {
    await cache.read(files.path('a.txt'), 'utf8');
    await cache.read(files.path('a.txt'), 'utf8');
    cache.readSync(files.path('a.txt'), 'utf-8');
    expect(cache).to.include({ hits: 2, misses: 1 });
  });

  it('read - decodes cached bytes, and reads again when only a string is cached', () => {
    const file = files.path('a.txt');
    cache.readSync(file);
    expect(cache.readSync(file, 'utf8')).to.equal(TEXT);
    expect(cache.readSync(file, 'latin1')).to.equal(Buffer.from(TEXT).toString('latin1'));
    expect(cache.misses).to.equal(1);
    cache.purge();
    cache.readSync(file, 'utf8');
    cache.readSync(file, 'hex');
    expect(cache.misses).to.equal(3);
    cache.readSync(file, 'utf8');
    cache.readSync(file, 'hex');
    expect(cache.misses).to.equal(3);
  });

  it('read - treats a string, Buffer and URL of one path as one file', async () => {
    const file = files.path('a.txt');
    const paths = [
      file,
      relative(process.cwd(), file),
      Buffer.from(file),
      pathToFileURL(file),
      `${files.folder}//./a.txt`,
      `${files.folder}/../${relative(`${files.folder}/..`, file)}`,
    ];
    for (const path of paths) expect(await cache.read(path, 'utf8'), String(path)).to.equal(TEXT);
    for (const path of paths) expect(cache.isCached(path), String(path)).to.be.true;
    expect(cache.misses).to.equal(1);
    expect(cache.dump().map(({ file }) => file)).to.deep.equal([file]);
  });

  it('read - concurrent reads of a file share one disk read, whatever their encodings', async () => {
    const file = files.path('a.txt');
    const [first, second, text, hex] = await Promise.all([
      cache.read(file),
      cache.read(file),
      cache.read(file, 'utf8'),
      cache.read(file, 'hex'),
    ]);
    expect(first).to.deep.equal(readFileSync(file));
    expect(second).to.deep.equal(first);
    expect(second).not.to.equal(first);
    expect(text).to.equal(TEXT);
    expect(hex).to.equal(Buffer.from(TEXT).toString('hex'));
    expect(cache).to.include({ misses: 1, hits: 3 });
  });

  it('read - concurrent reads of a young file share one disk read', async () => {
    const file = files.path('young.txt');
    writeFileSync(file, 'young');
    const [first, second] = await Promise.all([cache.read(file), cache.read(file), cache.read(file, 'utf8')]);
    first.fill(0);
    expect(second.toString()).to.equal('young');
    expect(cache.misses).to.equal(1);
  });

  it('Buffer - changing a returned Buffer affects neither the cache nor other readers', async () => {
    const file = files.path('a.txt');
    for (const read of [() => cache.read(file), () => Promise.resolve(cache.readSync(file))]) {
      cache.purge();
      for (let times = 0; times < 3; times++) (await read()).fill(0);
      expect((await read()).toString()).to.equal(TEXT);
      expect(cache.readSync(file, 'utf8')).to.equal(TEXT);
    }
  });

  it('Buffer - concurrent readers get one each, even if the file is evicted meanwhile', async () => {
    const file = files.path('a.txt');
    // With its text beside the bytes, it is too large to stay.
    cache.setOptions({ size: Buffer.byteLength(TEXT) + 1 });
    const [first, , third] = await Promise.all([cache.read(file), cache.read(file, 'utf8'), cache.read(file)]);
    first.fill(0);
    expect(third.toString()).to.equal(TEXT);
  });

  it('errors - a cached file that is too long for a string fails as it does in Node', async () => {
    const file = files.path('long.bin');
    writeFileSync(file, '');
    truncateSync(file, Math.ceil(constants.MAX_STRING_LENGTH / 2) + 1);
    cache.setOptions({ size: '1gb', watch: false });
    await cache.read(file);
    expect(cache.isCached(file)).to.be.true;
    const failed = rejection(cache.read(file, 'hex'));
    expect(await failed).to.include({ code: 'ERR_STRING_TOO_LONG' });
  });

  it("errors - are Node's own and are not cached", async () => {
    const file = files.path('missing.txt');
    const own = await rejection(cache.noCache(file));
    expect(own).to.include({ code: 'ENOENT', syscall: 'open', path: file });
    const error = await rejection(cache.read(file));
    expect(error).to.include({ code: 'ENOENT', syscall: 'open', path: file, message: own.message });
    expect(() => cache.readSync(file, 'utf8')).to.throw(`ENOENT: no such file or directory, open '${file}'`);
    writeFileSync(file, 'here now');
    expect(await cache.read(file, 'utf8')).to.equal('here now');
  });

  it('arguments - a wrong file or encoding throws a TypeError at once', () => {
    const calls = ['read', 'readSync', 'noCache', 'noCacheSync'] as const;
    for (const file of [undefined, null, 7, {}, [], new Uint8Array(3)] as never[]) {
      for (const call of [...calls, 'isCached', 'sizeOf', 'purge'] as const)
        expect(() => cache[call](file), call).to.throw(TypeError, 'A file must be a path');
    }
    for (const encoding of ['utf9', '', 7, {}] as never[]) {
      for (const call of calls) expect(() => cache[call]('a.txt', encoding), call).to.throw(TypeError, 'There is no encoding');
    }
  });

  it('noCache - reads from disk and leaves the cache unchanged', async () => {
    const file = files.path('a.txt');
    expect(await cache.noCache(file, 'utf8')).to.equal(TEXT);
    expect(cache.noCacheSync(file)).to.deep.equal(readFileSync(file));
    expect(cache.isCached(file)).to.be.false;
    expect(cache).to.include({ hits: 0, misses: 0 });
  });

  it('sizes - count the bytes of Buffers and of strings as V8 stores them', () => {
    const bytes = Buffer.byteLength(TEXT);
    cache.readSync(files.path('a.txt'));
    expect(cache.sizeOf(files.path('a.txt'))).to.equal(bytes);
    cache.readSync(files.path('a.txt'), 'utf8');
    expect(cache.sizeOf(files.path('a.txt'))).to.equal(bytes + 2 * TEXT.length);
    cache.readSync(files.path('a.txt'), 'hex');
    expect(cache.sizeOf(files.path('a.txt'))).to.equal(bytes + 2 * TEXT.length + 2 * bytes);
    cache.readSync(files.path('latin.txt'), 'utf8');
    expect(cache.sizeOf(files.path('latin.txt'))).to.equal(5);
    expect(cache.sizeOf(files.path('b.txt'))).to.equal(0);
    expect(cache.currentSize).to.equal(bytes + 2 * TEXT.length + 2 * bytes + 5);
  });

  it('dump - lists the cached files, most recently used first', () => {
    for (const name of ['a.txt', 'b.txt', 'a.txt', 'a.txt']) cache.readSync(files.path(name));
    expect(cache.dump()).to.deep.equal([
      { file: files.path('a.txt'), size: Buffer.byteLength(TEXT), hits: 2 },
      { file: files.path('b.txt'), size: 1, hits: 0 },
    ]);
  });
});
