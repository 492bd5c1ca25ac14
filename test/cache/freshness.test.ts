import fs, {
  appendFileSync,
  linkSync,
  mkdirSync,
  renameSync,
  rmSync,
  statSync,
  symlinkSync,
  truncateSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { expect } from 'chai';
import { FileCache } from 'dist-io/cache';
import { agedFiles } from './support/aged-files';

const OLD = 'old content';
const NEW = 'new content';

/** What happens to a file that is cached, by its path; and what must be read then, or the code of the error. */
const CHANGES: Record<string, { change: (file: string) => void; then: string }> = {
  'a longer content': { change: (file) => writeFileSync(file, 'a longer content'), then: 'a longer content' },
  'a content of the same size': { change: (file) => writeFileSync(file, NEW), then: NEW },
  'a content of the same size, with the time of writing put back': {
    change: (file) => {
      const { atime, mtime } = statSync(file);
      writeFileSync(file, NEW);
      utimesSync(file, atime, mtime);
    },
    then: NEW,
  },
  'an appended line': { change: (file) => appendFileSync(file, '\nmore'), then: `${OLD}\nmore` },
  'truncation to a part': { change: (file) => truncateSync(file, 3), then: 'old' },
  'truncation to nothing': { change: (file) => truncateSync(file), then: '' },
  'a new file renamed to its name, as editors do': {
    change: (file) => {
      writeFileSync(`${file}~`, NEW);
      renameSync(`${file}~`, file);
    },
    then: NEW,
  },
  'an old file of the same size and times renamed to its name': {
    change: (file) => {
      writeFileSync(`${file}~`, NEW);
      const { atime, mtime } = statSync(file);
      utimesSync(`${file}~`, atime, mtime);
      renameSync(`${file}~`, file);
    },
    then: NEW,
  },
  'an editor that moves the old one away': {
    change: (file) => {
      renameSync(file, `${file}~`);
      writeFileSync(file, NEW);
    },
    then: NEW,
  },
  deletion: { change: (file) => rmSync(file), then: 'ENOENT' },
  'a folder in its place': {
    change: (file) => {
      rmSync(file);
      mkdirSync(file);
    },
    then: 'EISDIR',
  },
  'a symbolic link in its place': {
    change: (file) => {
      writeFileSync(`${file}.target`, NEW);
      rmSync(file);
      symlinkSync(`${file}.target`, file);
    },
    then: NEW,
  },
  'a write by another name': {
    change: (file) => {
      linkSync(file, `${file}.link`);
      writeFileSync(`${file}.link`, NEW);
    },
    then: NEW,
  },
  'two writes in one moment': {
    change: (file) => {
      writeFileSync(file, 'xxx content');
      writeFileSync(file, NEW);
    },
    then: NEW,
  },
};

const READS: Record<string, (cache: FileCache, file: string) => string | Promise<string>> = {
  read: (cache, file) => cache.read(file, 'utf8'),
  'read, as a Buffer': async (cache, file) => (await cache.read(file)).toString(),
  readSync: (cache, file) => cache.readSync(file, 'utf8'),
};

describe('cache: freshness', () => {
  const name = (change: string, read: string) => `${Object.keys(CHANGES).indexOf(change)}-${Object.keys(READS).indexOf(read)}`;
  const all = Object.keys(CHANGES).flatMap((change) => Object.keys(READS).map((read) => name(change, read)));
  const files = agedFiles({
    ...Object.fromEntries(all.map((one) => [one, OLD])),
    ...Object.fromEntries(['linked', 'running', 'unwatched'].map((one) => [one, OLD])),
    'releases/1/page': OLD,
    'releases/2/page': NEW,
  });

  for (const [title, { change, then }] of Object.entries(CHANGES)) {
    for (const [how, read] of Object.entries(READS)) {
      it(`${how} - sees ${title}`, async () => {
        const cache = new FileCache();
        const file = files.path(name(title, how));
        expect(await read(cache, file)).to.equal(OLD);
        expect(await read(cache, file)).to.equal(OLD);
        expect(cache).to.include({ misses: 1, hits: 1 });
        change(file);
        expect(cache.isCached(file)).to.be.false;
        const outcome = await Promise.resolve()
          .then(() => read(cache, file))
          .catch((error: unknown) => (error as NodeJS.ErrnoException).code);
        expect(outcome).to.equal(then);
      });
    }
  }

  for (const [how, read] of Object.entries(READS)) {
    it(`${how} - sees every one of many writes in quick succession, all of one size`, async () => {
      const cache = new FileCache();
      const file = files.path(`quick ${how}`);
      for (let i = 100; i < 300; i++) {
        writeFileSync(file, `${i}`);
        expect(await read(cache, file)).to.equal(`${i}`);
      }
      expect(cache.isCached(file)).to.be.false;
    });
  }

  it('read - sees that a symbolic link to a file or folder has a new target', async () => {
    const cache = new FileCache();
    const current = files.path('current');
    const page = `${current}/page`;
    symlinkSync(files.path('releases/1'), current);
    expect([await cache.read(page, 'utf8'), await cache.read(page, 'utf8')]).to.deep.equal([OLD, OLD]);
    expect(cache.hits).to.equal(1);
    symlinkSync(files.path('releases/2'), `${current}~`);
    renameSync(`${current}~`, current);
    expect(await cache.read(page, 'utf8')).to.equal(NEW);
  });

  it("read - resolves `link/..` to the parent of the link's target", async () => {
    const cache = new FileCache();
    symlinkSync(files.path('releases/1'), files.path('link'));
    const file = `${files.folder}/link/../2/page`;
    expect(await cache.read(file, 'utf8')).to.equal(NEW);
    expect(cache.readSync(file, 'utf8')).to.equal(NEW);
    expect(cache.dump().map(({ file }) => file)).to.deep.equal([files.path('releases/2/page')]);
  });

  it('read - does not share a read that started before the file changed', async () => {
    const cache = new FileCache();
    const file = files.path('running');
    const { readFile } = fs;
    // As slow as a disk can be: it has read, and has not said so yet.
    const slow = (path: string, callback: (error: null, bytes: Buffer) => void) => {
      const bytes = fs.readFileSync(path);
      setImmediate(() => callback(null, bytes));
    };
    Object.assign(fs, { readFile: slow });
    try {
      const first = cache.read(file, 'utf8');
      // By then, the reading has begun.
      await Promise.resolve();
      await Promise.resolve();
      const same = cache.read(file, 'utf8');
      expect(cache.misses).to.equal(1);
      writeFileSync(file, NEW);
      const second = cache.read(file, 'utf8');
      expect(await Promise.all([first, same, second])).to.deep.equal([OLD, OLD, NEW]);
      expect(await cache.read(file, 'utf8')).to.equal(NEW);
    } finally {
      Object.assign(fs, { readFile });
    }
  });

  it('watch: false - keeps the content of a changed file until a purge', async () => {
    const cache = new FileCache({ watch: false });
    const file = files.path('unwatched');
    expect(await cache.read(file, 'utf8')).to.equal(OLD);
    rmSync(file);
    expect(await cache.read(file, 'utf8')).to.equal(OLD);
    expect(cache.readSync(file, 'utf8')).to.equal(OLD);
    expect(cache.isCached(file)).to.be.true;
    writeFileSync(file, NEW);
    cache.purge(file);
    expect(await cache.read(file, 'utf8')).to.equal(NEW);
    writeFileSync(file, OLD);
    // Also one that was too young to be kept by a cache that watches.
    expect(await cache.read(file, 'utf8')).to.equal(NEW);
    cache.setOptions({ watch: true });
    expect(await cache.read(file, 'utf8')).to.equal(OLD);
  });

  it('watch: true - calls stat once for each read that is answered from memory', async () => {
    const cache = new FileCache();
    const file = files.path('releases/1/page');
    await cache.read(file, 'utf8');
    let looks = 0;
    const { statSync } = fs;
    const counting = (...args: Parameters<typeof statSync>) => {
      looks++;
      return statSync(...args);
    };
    Object.assign(fs, { statSync: counting });
    try {
      await cache.read(file, 'utf8');
      cache.readSync(file, 'utf8');
      expect(looks).to.equal(2);
      cache.setOptions({ watch: false });
      await cache.read(file, 'utf8');
      cache.readSync(file, 'utf8');
      expect(looks).to.equal(2);
    } finally {
      Object.assign(fs, { statSync });
    }
  });
});
