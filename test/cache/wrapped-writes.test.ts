import fs, { type PathLike } from 'node:fs';
import { join } from 'node:path';
import type { Writable } from 'node:stream';
import { finished } from 'node:stream/promises';
import { pathToFileURL } from 'node:url';
import { promisify } from 'node:util';
import { expect } from 'chai';
import { cache } from 'dist-io/cache';
import { agedFiles } from './support/aged-files';

/** A function of `fs` in each of its three forms. */
const FORMS: Record<string, (name: string, ...args: unknown[]) => unknown> = {
  sync: (name, ...args) => methods(fs)[`${name}Sync`](...args),
  callback: (name, ...args) => (promisify(methods(fs)[name]) as (...args: unknown[]) => unknown)(...args),
  promise: (name, ...args) => methods(fs.promises)[name](...args),
};

function methods(object: object): Record<string, (...args: unknown[]) => unknown> {
  return object as Record<string, (...args: unknown[]) => unknown>;
}

/** What is done with the file 'file' and another one, 'other', in a folder of their own; and what must be read then. */
type Call = (call: (name: string, ...args: unknown[]) => unknown, path: (name: string) => string) => unknown;
const WRITES: Record<string, { does: Call; file: string; other?: string }> = {
  writeFile: { does: (call, path) => call('writeFile', path('file'), 'new'), file: 'new' },
  'writeFile by a URL': { does: (call, path) => call('writeFile', pathToFileURL(path('file')), 'new'), file: 'new' },
  'writeFile by a Buffer': { does: (call, path) => call('writeFile', Buffer.from(path('file')), 'new'), file: 'new' },
  'writeFile by another name': { does: (call, path) => call('writeFile', path('link'), 'new'), file: 'new' },
  'writeFile by a hard link': { does: (call, path) => call('writeFile', path('hard'), 'new'), file: 'new' },
  'writeFile through a link to the folder': { does: (call, path) => call('writeFile', path('self/file'), 'new'), file: 'new' },
  appendFile: { does: (call, path) => call('appendFile', path('file'), ' and new'), file: 'old and new' },
  truncate: { does: (call, path) => call('truncate', path('file'), 1), file: 'o' },
  unlink: { does: (call, path) => call('unlink', path('file')), file: 'ENOENT' },
  rm: { does: (call, path) => call('rm', path('file')), file: 'ENOENT' },
  'rename from': { does: (call, path) => call('rename', path('file'), path('third')), file: 'ENOENT' },
  'rename to': { does: (call, path) => call('rename', path('other'), path('file')), file: 'other', other: 'ENOENT' },
  copyFile: { does: (call, path) => call('copyFile', path('other'), path('file')), file: 'other' },
  cp: { does: (call, path) => call('cp', path('other'), path('file')), file: 'other' },
  utimes: { does: (call, path) => call('utimes', path('file'), 1, 1), file: 'old' },
  chmod: { does: (call, path) => call('chmod', path('file'), 0o600), file: 'old' },
  symlink: {
    does: async (call, path) => {
      await call('unlink', path('file'));
      await call('symlink', path('other'), path('file'));
    },
    file: 'other',
  },
  link: {
    does: async (call, path) => {
      await call('unlink', path('file'));
      await call('link', path('other'), path('file'));
    },
    file: 'other',
  },
  'rename of the folder': { does: (call, path) => call('rename', path(''), `${path('')}.away`), file: 'ENOENT', other: 'ENOENT' },
  'rename of a folder to its name': {
    does: async (call, path) => {
      fs.mkdirSync(path('next'));
      fs.writeFileSync(path('next/file'), 'new');
      await call('rename', path('next'), `${path('')}.next`);
      await call('rename', path(''), `${path('')}.away`);
      await call('rename', `${path('')}.next`, path(''));
    },
    file: 'new',
    other: 'ENOENT',
  },
  'rm of the folder': { does: (call, path) => call('rm', path('/'), { recursive: true }), file: 'ENOENT', other: 'ENOENT' },
  'rmdir of the folder': {
    does: async (call, path) => {
      // By another process, as it were: the cache is not told.
      for (const name of ['file', 'other', 'link', 'hard', 'self']) unwatched.unlinkSync(path(name));
      await call('rmdir', path(''));
    },
    file: 'ENOENT',
    other: 'ENOENT',
  },
  'cp over the folder': {
    does: async (call, path) => {
      fs.mkdirSync(`${path('')}.source`, { recursive: true });
      fs.writeFileSync(`${path('')}.source/file`, 'new');
      await call('cp', `${path('')}.source`, path(''), { recursive: true });
    },
    file: 'new',
  },
};

const unwatched = { unlinkSync: fs.unlinkSync };

for (const watch of [false, true]) {
  describe(`cache: wrapped writes, ${watch ? 'watching' : 'not watching'}`, () => {
    const cases = Object.keys(WRITES).flatMap((write) => Object.keys(FORMS).map((form) => `${write} ${form}`));
    const folders = [...cases, ...['w', 'a', 'r+', 'handle', 'stream', 'running'].map((how) => `open ${how}`)];
    const files = agedFiles(
      Object.fromEntries(
        folders.flatMap((one) => [
          [join(one, 'file'), 'old'],
          [join(one, 'other'), 'other'],
        ]),
      ),
    );
    const outcome = (file: PathLike) => {
      try {
        return fs.readFileSync(file, 'utf8');
      } catch (error) {
        return (error as NodeJS.ErrnoException).code;
      }
    };

    before(() => {
      for (const one of folders) {
        fs.symlinkSync('file', files.path(`${one}/link`));
        fs.linkSync(files.path(`${one}/file`), files.path(`${one}/hard`));
        fs.symlinkSync('.', files.path(`${one}/self`));
      }
      cache.purge();
      cache.setOptions({ watch }).wrapFS();
    });
    after(() => cache.unwrapFS().setOptions({ watch: true }).purge());

    for (const [title, { does, file, other = 'other' }] of Object.entries(WRITES)) {
      for (const [form, call] of Object.entries(FORMS)) {
        it(`${title} - the next read sees the change, ${form}`, async () => {
          const path = (name: string) => `${files.path(`${title} ${form}`)}${name === '' || name === '/' ? name : `/${name}`}`;
          const read = () => ['file', 'link', 'self/file', 'other'].map((name) => outcome(path(name)));
          expect(read()).to.deep.equal(['old', 'old', 'old', 'other']);
          const { hits } = cache;
          expect(read()).to.deep.equal(['old', 'old', 'old', 'other']);
          if (!watch) expect(cache.hits - hits).to.equal(4);
          await does(call, path);
          expect([outcome(path('file')), outcome(path('self/file')), outcome(path('other'))]).to.deep.equal([
            file,
            // A link to a folder that is gone.
            outcome(path('self')) === 'ENOENT' ? 'ENOENT' : file,
            other,
          ]);
        });
      }
    }

    for (const flags of ['w', 'a', 'r+']) {
      it(`open(…, '${flags}') - reads see each write until the file is closed`, async () => {
        const file = files.path(`open ${flags}/file`);
        for (const sync of [true, false]) {
          outcome(file);
          const fd = sync ? fs.openSync(file, flags) : await promisify(fs.open)(file, flags);
          for (const text of ['first', 'second']) {
            fs.writeSync(fd, text);
            expect(outcome(file)).to.equal(direct(file)).and.to.contain(text);
            expect(outcome(file)).to.equal(direct(file));
            expect(cache.isCached(file)).to.be.false;
          }
          fs.ftruncateSync(fd, 2);
          expect(outcome(file)).to.equal(direct(file)).and.have.length(2);
          if (sync) fs.closeSync(fd);
          else await promisify(fs.close)(fd);
          outcome(file);
          // One that watches wants it to be older.
          expect(cache.isCached(file)).to.equal(!watch);
        }
      });
    }

    it('open for writing - a reused file descriptor stands for the new file', () => {
      const [file, other] = ['file', 'other'].map((name) => files.path(`open w/${name}`));
      const fd = fs.openSync(file, 'r+');
      outcome(other);
      fs.closeSync(fd);
      expect(fs.openSync(other, 'r')).to.equal(fd);
      outcome(file);
      expect(cache.isCached(file)).to.equal(!watch);
      fs.closeSync(fd);
    });

    it('open for writing, twice - the file is not cached until both descriptors are closed', () => {
      const [file, other] = ['file', 'other'].map((name) => files.path(`open a/${name}`));
      const [first, second] = [fs.openSync(file, 'a'), fs.openSync(file, 'a')];
      fs.closeSync(first);
      // This takes the number of the first one.
      const third = fs.openSync(other, 'r');
      fs.closeSync(third);
      outcome(file);
      expect(cache.isCached(file)).to.be.false;
      fs.closeSync(second);
      outcome(file);
      expect(cache.isCached(file)).to.equal(!watch);
    });

    it('FileHandle - reads see each write until it is closed', async () => {
      const file = files.path('open handle/file');
      outcome(file);
      const handle = await fs.promises.open(file, 'r+');
      for (const text of ['first', 'second']) {
        await handle.write(text);
        expect(outcome(file)).to.equal(direct(file)).and.to.contain(text);
      }
      await handle.truncate(2);
      expect(outcome(file)).to.equal(direct(file)).and.have.length(2);
      await handle.close();
      outcome(file);
      expect(cache.isCached(file)).to.equal(!watch);
    });

    it('createWriteStream - reads see each write until it is closed', async () => {
      const file = files.path('open stream/file');
      outcome(file);
      const stream: Writable = fs.createWriteStream(file);
      for (const text of ['first', 'second']) {
        await new Promise((resolve) => stream.write(text, resolve));
        expect(outcome(file)).to.equal(direct(file)).and.to.contain(text);
      }
      stream.end();
      await finished(stream);
      outcome(file);
      expect(cache.isCached(file)).to.equal(!watch);
    });

    it('reading - a file written during its read is not cached', async () => {
      const file = files.path('open running/file');
      const reading = fs.promises.readFile(file, 'utf8');
      await Promise.resolve();
      await Promise.resolve();
      fs.writeFileSync(file, 'new');
      await reading;
      expect(outcome(file)).to.equal('new');
      expect(await fs.promises.readFile(file, 'utf8')).to.equal('new');
    });

    it("errors - a failed write reports Node's error", async () => {
      const file = files.path('nowhere/at/all');
      const message = `ENOENT: no such file or directory, open '${file}'`;
      expect(() => fs.writeFileSync(file, 'x')).to.throw(message);
      expect(() => fs.openSync(file, 'w')).to.throw(message);
      expect(await fs.promises.writeFile(file, 'x').catch(String)).to.equal(`Error: ${message}`);
      expect(await fs.promises.open(file, 'w').catch(String)).to.equal(`Error: ${message}`);
      expect(await promisify(fs.writeFile)(file, 'x').catch(String)).to.equal(`Error: ${message}`);
      expect(await promisify(fs.open)(file, 'w').catch(String)).to.equal(`Error: ${message}`);
      expect(await promisify(fs.close)(99_999).catch(String)).to.equal('Error: EBADF: bad file descriptor, close');
      expect(() => fs.closeSync(99_999)).to.throw('EBADF');
      expect(() => fs.writeFile(file, 'x', undefined as never)).to.throw(TypeError, 'must be of type function');
      expect(() => fs.rename(file, file, undefined as never)).to.throw(TypeError, 'must be of type function');
    });
  });
}

/** What is on the disk. */
function direct(file: string): string {
  return cache.noCacheSync(file, 'utf8');
}
