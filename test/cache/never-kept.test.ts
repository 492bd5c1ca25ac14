import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { expect } from 'chai';
import { FileCache } from 'dist-io/cache';
import { agedFiles } from './support/aged-files';
import { rejection } from '../support/rejection';

function thrown(read: () => unknown): NodeJS.ErrnoException {
  try {
    read();
  } catch (error) {
    return error as NodeJS.ErrnoException;
  }
  throw new Error('Nothing was thrown.');
}

describe('cache: what is never kept', () => {
  const files = agedFiles({ empty: '', full: 'full', other: 'other' });
  let cache: FileCache;
  beforeEach(() => (cache = new FileCache({ watch: false })));
  afterEach(() => expect(cache.dump()).to.deep.equal([]));

  it('pipe - each read returns what was written for it', async () => {
    const pipe = files.path('pipe');
    execFileSync('mkfifo', [pipe]);
    for (const text of ['one', 'two']) {
      const writer = spawn(process.execPath, ['-e', `fs.writeFileSync(${JSON.stringify(pipe)}, '${text}')`]);
      const ended = once(writer, 'exit');
      expect(text === 'one' ? await cache.read(pipe, 'utf8') : cache.readSync(pipe, 'utf8')).to.equal(text);
      expect(await ended).to.deep.equal([0, null]);
    }
  });

  it('device - is never cached', async () => {
    expect(await cache.read('/dev/null')).to.deep.equal(Buffer.alloc(0));
    expect(cache.readSync('/dev/null', 'utf8')).to.equal('');
  });

  it('empty file - is never cached', async () => {
    expect(await cache.read(files.path('empty'), 'utf8')).to.equal('');
    expect(cache.readSync(files.path('empty'), 'utf8')).to.equal('');
  });

  it('/proc - a file of size 0 with content is read in full and never cached', async function () {
    if (process.platform !== 'linux') this.skip();
    const started = (text: string) => text.split(' ')[21];
    expect(started(await cache.read('/proc/self/stat', 'utf8'))).to.equal(started(readFileSync('/proc/self/stat', 'utf8')));
    expect(started(cache.readSync('/proc/self/stat', 'utf8'))).to.equal(started(readFileSync('/proc/self/stat', 'utf8')));
  });

  it('/sys - a file that is shorter than its size is read correctly and never cached', async function () {
    if (process.platform !== 'linux') this.skip();
    const file = '/sys/devices/system/cpu/online';
    expect(await cache.read(file, 'utf8')).to.equal(readFileSync(file, 'utf8'));
    expect(cache.readSync(file, 'utf8')).to.equal(readFileSync(file, 'utf8'));
  });

  it("folder - fails with Node's error EISDIR", async () => {
    mkdirSync(files.path('folder'));
    for (const path of ['folder', 'folder/', 'full/', 'full/.'].map((name) => `${files.folder}/${name}`)) {
      const error = (await rejection(cache.noCache(path))) as NodeJS.ErrnoException;
      expect(await rejection(cache.read(path))).to.include({ code: error.code, message: error.message });
      // From Node 26 on, only the error of the asynchronous read names the folder.
      const sync = thrown(() => readFileSync(path));
      expect(thrown(() => cache.readSync(path))).to.include({ code: sync.code, message: sync.message });
    }
  });

  it('young file - is not cached while its timestamps are too recent to show a change', async () => {
    const watching = new FileCache();
    writeFileSync(files.path('young'), 'young');
    expect(await watching.read(files.path('young'), 'utf8')).to.equal('young');
    expect(watching.readSync(files.path('young'), 'utf8')).to.equal('young');
    expect(watching).to.include({ misses: 2, hits: 0 });
  });
});
