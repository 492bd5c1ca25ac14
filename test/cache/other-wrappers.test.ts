import { expect } from 'chai';
import { createProject, type Project } from '../package/support/project';
import { output } from '../package/support/run';

/** A program reads `page.txt` twice, synchronously, and says how often that was answered from memory. */
const COMMON = `
  const fs = require('node:fs');
  const { cache } = require('dist-io/cache');
  // A file that was just unpacked is too young for a cache that watches.
  cache.setOptions({ watch: false });
  const twice = (fs) => {
    const before = cache.hits;
    const texts = [fs.readFileSync('page.txt', 'utf8'), fs.readFileSync('page.txt', 'utf8')];
    return texts.join() + ' ' + (cache.hits - before);
  };
  const later = (fs) => new Promise((resolve) => {
    const before = cache.hits;
    fs.readFile('page.txt', 'utf8', (error, text) => resolve((error ?? text) + ' ' + (cache.hits - before)));
  });
`;

describe('cache: other wrappers of fs', () => {
  let project: Project;
  before(async () => {
    project = await createProject({ 'page.txt': 'page' }, ['graceful-fs']);
  });

  const printed = async (name: string, text: string) => {
    await project.write({ [name]: text });
    return (await output(project.folder, process.execPath, name)).trim().split('\n');
  };

  it('graceful-fs - works when it was installed before the cache', async () => {
    const lines = await printed(
      'before.cjs',
      `require('graceful-fs').gracefulify(require('node:fs'));
      ${COMMON}
      const graceful = fs.readFile;
      cache.wrapFS();
      console.log(twice(fs));
      later(fs).then(async (text) => {
        console.log(text);
        cache.unwrapFS();
        console.log(fs.readFile === graceful, twice(fs), await later(fs));
      });`,
    );
    expect(lines).to.deep.equal(['page,page 1', 'page 1', 'true page,page 0 page 0']);
  });

  it('graceful-fs - works when it is installed after the cache, also after unwrapFS', async () => {
    const lines = await printed(
      'after.cjs',
      `${COMMON}
      cache.wrapFS();
      const gracefulFs = require('graceful-fs');
      gracefulFs.gracefulify(fs);
      const graceful = fs.readFile;
      const tell = async () => {
        console.log(twice(fs), await later(fs), await later(gracefulFs));
        await new Promise((resolve) => gracefulFs.writeFile('page.txt', 'leaf', resolve));
        console.log(twice(fs));
        await new Promise((resolve) => fs.writeFile('page.txt', 'page', resolve));
        console.log(twice(fs));
      };
      void tell().then(() => {
        cache.unwrapFS();
        console.log(fs.readFile === graceful);
        return tell();
      }).then(() => {
        // What was written meanwhile, a cache that does not watch was not told.
        cache.purge();
        cache.wrapFS();
        return tell();
      });`,
    );
    const wrapped = ['page,page 1 page 1 page 1', 'leaf,leaf 1', 'page,page 1'];
    const unwrapped = ['page,page 0 page 0 page 0', 'leaf,leaf 0', 'page,page 0'];
    // graceful-fs itself is a copy of what was wrapped the first time, and stays past the cache.
    const again = ['page,page 1 page 1 page 0', ...wrapped.slice(1)];
    expect(lines).to.deep.equal([...wrapped, 'true', ...unwrapped, ...again]);
  });

  it('copies - two copies of the package share one cache and wrap fs once', async () => {
    const lines = await printed(
      'copies.cjs',
      `${COMMON}
      cache.wrapFS();
      const wrapped = fs.readFileSync;
      for (const key of Object.keys(require.cache)) if (key.includes('dist-io')) delete require.cache[key];
      const copy = require('dist-io/cache');
      console.log(copy.FileCache !== require.cache && copy.cache === cache);
      copy.cache.wrapFS();
      console.log(fs.readFileSync === wrapped);
      // As under a test runner that gives each file globals of its own.
      delete globalThis[Symbol.for('dist-io.cache')];
      for (const key of Object.keys(require.cache)) if (key.includes('dist-io')) delete require.cache[key];
      const other = require('dist-io/cache').cache;
      console.log(other !== cache, other.wrapFS() === other, fs.readFileSync === wrapped);
      console.log(twice(fs), other.readSync('page.txt', 'utf8'), other.misses);
      other.unwrapFS();
      console.log(fs.readFileSync !== wrapped, twice(fs));`,
    );
    expect(lines).to.deep.equal(['true', 'true', 'true true true', 'page,page 1 page 1', 'true page,page 0']);
  });

  it('ES modules - named imports of fs are wrapped and unwrapped', async () => {
    const lines = await printed(
      'names.mjs',
      `import { readFileSync } from 'node:fs';
      import { readFile } from 'node:fs/promises';
      import { cache } from 'dist-io/cache';
      cache.setOptions({ watch: false }).wrapFS();
      const read = async () => [readFileSync('page.txt', 'utf8'), await readFile('page.txt', 'utf8'), cache.hits];
      console.log(...await read());
      cache.unwrapFS();
      console.log(...await read());`,
    );
    expect(lines).to.deep.equal(['page page 1', 'page page 1']);
  });

  it('cache - works without a master and does not load one', async () => {
    const lines = await printed(
      'alone.cjs',
      `${COMMON}
      console.log(cache.readSync('page.txt', 'utf8'));
      console.log(Object.keys(require.cache).some((file) => /dist-io.dist.(master|decorators|channel)/.test(file)));
      console.log(Object.keys(require.cache).some((file) => /wrap-fs/.test(file)));`,
    );
    expect(lines).to.deep.equal(['page', 'false', 'false']);
  });
});
