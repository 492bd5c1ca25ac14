import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import fs, { closeSync, mkdirSync, openSync, symlinkSync } from 'node:fs';
import { pathToFileURL } from 'node:url';
import { promisify } from 'node:util';
import { expect } from 'chai';
import { cache } from 'dist-io/cache';
import { agedFiles } from './support/aged-files';
import { rejection } from '../support/rejection';

type AnyFunction = (...args: unknown[]) => unknown;

/** What a call came to, in terms that can be compared. */
interface Outcome {
  thrown?: boolean;
  value?: unknown;
  error?: Record<string, unknown>;
}

const ORIGINALS = { readFile: fs.readFile, readFileSync: fs.readFileSync, promise: fs.promises.readFile };

const failed = (error: unknown, thrown = false): Outcome => {
  const { name, message, code, syscall, path, errno, cause, constructor } = error as NodeJS.ErrnoException;
  return { thrown, error: { name, message, code, syscall, path, errno, cause, constructor } };
};

/** The three ways to call. `args` are without a callback. */
const WAYS: Record<
  string,
  { original: AnyFunction; wrapped: () => AnyFunction; call: (fn: AnyFunction, args: unknown[]) => Promise<Outcome> }
> = {
  'fs.readFile': {
    original: ORIGINALS.readFile as AnyFunction,
    wrapped: () => fs.readFile as AnyFunction,
    call: (fn, args) =>
      new Promise((resolve) => {
        let returned = false;
        try {
          const result = fn(...args, (...results: unknown[]) => {
            if (!returned) return resolve({ value: 'called back before it returned' });
            const [error, value] = results;
            resolve(error ? failed(error) : { value: [error, value, results.length] });
          });
          if (result !== undefined) resolve({ value: 'returned something' });
        } catch (error) {
          resolve(failed(error, true));
        }
        returned = true;
      }),
  },
  'fs.readFileSync': {
    original: ORIGINALS.readFileSync as AnyFunction,
    wrapped: () => fs.readFileSync as AnyFunction,
    // eslint-disable-next-line @typescript-eslint/require-await -- so that all ways are called alike
    call: async (fn, args) => {
      try {
        return { value: fn(...args) };
      } catch (error) {
        return failed(error, true);
      }
    },
  },
  'fs.promises.readFile': {
    original: ORIGINALS.promise as AnyFunction,
    wrapped: () => fs.promises.readFile as AnyFunction,
    call: async (fn, args) => {
      let promise: unknown;
      try {
        promise = fn(...args);
      } catch (error) {
        return failed(error, true);
      }
      if (!(promise instanceof Promise)) return { value: 'no promise' };
      return promise.then(
        (value: unknown) => ({ value }),
        (error: unknown) => failed(error),
      );
    },
  },
};

const ENCODINGS = [
  'utf8',
  'utf-8',
  'UTF8',
  'ucs2',
  'ucs-2',
  'utf16le',
  'utf-16le',
  'latin1',
  'binary',
  'ascii',
  'base64',
  'base64url',
  'hex',
  'HEX',
];

const aborted = () => AbortSignal.abort(new Error('no longer wanted'));
const abortedLater = () => {
  const controller = new AbortController();
  process.nextTick(() => controller.abort(new Error('no longer wanted')));
  return controller.signal;
};

describe('cache: wrapped reads', () => {
  const files = agedFiles({
    text: 'Grüße – ∑\nof all\n',
    bom: '\ufeffwith a mark',
    bytes: Buffer.from(Array.from({ length: 256 }, (_, i) => i)),
    broken: Buffer.from([0x61, 0xe2, 0x88, 0x62, 0xff, 0xf0, 0x9f]),
    empty: '',
    'with space %41': 'space',
  });
  const file = (name = 'text') => files.path(name);
  const url = (text: string) => new URL(text);

  /** Arguments by what is special in them. */
  const CASES: Record<string, () => unknown[]> = {
    'no options': () => [file()],
    ...Object.fromEntries(
      ENCODINGS.flatMap((encoding) => [
        [`encoding ${encoding}`, () => [file(), encoding]],
        [`encoding ${encoding} in an object`, () => [file('bytes'), { encoding }]],
      ]),
    ),
    'a text that is no UTF-8': () => [file('broken'), 'utf8'],
    'a byte order mark': () => [file('bom'), 'utf8'],
    'options undefined': () => [file(), undefined],
    'options null': () => [file(), null],
    'options {}': () => [file(), {}],
    'options with inherited properties': () => [file(), Object.create({ encoding: 'hex' }) as unknown],
    'encoding null': () => [file(), { encoding: null }],
    'encoding undefined': () => [file(), { encoding: undefined }],
    'encoding empty': () => [file(), ''],
    'encoding empty in an object': () => [file(), { encoding: '' }],
    'encoding buffer': () => [file(), 'buffer'],
    'encoding unknown': () => [file(), 'utf9'],
    'encoding unknown in an object': () => [file(), { encoding: 'klingon' }],
    'encoding that is no text': () => [file(), { encoding: 7 }],
    'options that are a number': () => [file(), 7],
    'options that are true': () => [file(), true],
    'options that are a symbol': () => [file(), Symbol('options')],
    'flag r': () => [file(), { flag: 'r', encoding: 'utf8' }],
    'flag undefined': () => [file(), { flag: undefined }],
    'flag null': () => [file(), { flag: null }],
    'flag 0': () => [file(), { flag: 0 }],
    'flag rs': () => [file(), { flag: 'rs' }],
    'flag r+': () => [file(), { flag: 'r+' }],
    'flag a+': () => [file(), { flag: 'a+' }],
    'flag w': () => [file('written'), { flag: 'w' }],
    'flag wx of a file that is there': () => [file(), { flag: 'wx' }],
    'flag w+ of a new file': () => [file('new'), { flag: 'w+' }],
    'flag unknown': () => [file(), { flag: 'z' }],
    'flag that is an object': () => [file(), { flag: {} }],
    'signal that is not aborted': () => [file(), { signal: new AbortController().signal }],
    'signal undefined': () => [file(), { signal: undefined }],
    'signal that is aborted': () => [file(), { signal: aborted() }],
    'signal that is aborted, of a missing file': () => [file('missing'), { signal: aborted() }],
    'signal that is aborted soon': () => [file(), { signal: abortedLater() }],
    'signal that is none': () => [file(), { signal: 'stop' }],
    'signal null': () => [file(), { signal: null }],
    'signal that is a plain object': () => [file(), { signal: { aborted: true } }],
    URL: () => [pathToFileURL(file()), 'utf8'],
    'URL with escapes': () => [pathToFileURL(file('with space %41')), 'utf8'],
    'URL of a missing file': () => [pathToFileURL(file('missing'))],
    'URL of another protocol': () => [url('data:,text')],
    'URL with a host': () => [url('file://host/path')],
    'URL with an escaped slash': () => [url('file:///a%2Fb')],
    'URL of a folder': () => [pathToFileURL(`${files.folder}/`)],
    'Buffer as path': () => [Buffer.from(file()), 'utf8'],
    'Buffer as path of a missing file': () => [Buffer.from(file('missing'))],
    'Uint8Array as path': () => [new Uint8Array(Buffer.from(file()))],
    'Buffer as path, not UTF-8': () => [Buffer.concat([Buffer.from(files.folder), Buffer.from([0x2f, 0xff])])],
    'Buffer as path with a NUL': () => [Buffer.from('a\0b')],
    'path with a NUL': () => [`${file()}\0`],
    'path empty': () => [''],
    'path missing': () => [],
    'path null': () => [null],
    'path that is an object': () => [{}],
    'path that is true': () => [true],
    'path that is a fraction': () => [1.5],
    'descriptor that is not open': () => [99_999],
    'relative path': () => ['package.json', 'utf8'],
    'relative path upwards': () => ['../nowhere/at/all'],
    'file that is missing': () => [file('missing'), 'utf8'],
    'file that is missing, as a Buffer': () => [file('missing')],
    'file under a file': () => [`${file()}/deeper`],
    'file with a slash': () => [`${file()}/`],
    folder: () => [files.folder],
    'folder, as a text': () => [files.folder, 'utf8'],
    'link to itself': () => [file('loop')],
    link: () => [file('link'), 'latin1'],
    'name that is too long': () => [file('x'.repeat(300))],
    'empty file': () => [file('empty'), 'utf8'],
    device: () => ['/dev/null', 'utf8'],
  };

  before(() => {
    symlinkSync(file('loop'), file('loop'));
    symlinkSync(file('text'), file('link'));
    mkdirSync(file('folder'));
  });
  before(() => {
    cache.purge();
    cache.wrapFS();
  });
  after(() => cache.unwrapFS());

  for (const [way, { original, wrapped, call }] of Object.entries(WAYS)) {
    for (const [title, args] of Object.entries(CASES)) {
      it(`${way} - ${title}: same result as plain fs, uncached and cached`, async () => {
        fs.rmSync(file('new'), { force: true });
        const expected = await call(original, args());
        for (let times = 0; times < 3; times++) {
          fs.rmSync(file('new'), { force: true });
          expect(await call(wrapped(), args())).to.deep.equal(expected);
        }
      });
    }

    it(`${way} - is answered from memory the second time`, async () => {
      cache.purge();
      const { hits, misses } = cache;
      for (let times = 0; times < 3; times++) await call(wrapped(), [file(), 'utf8']);
      expect([cache.hits - hits, cache.misses - misses]).to.deep.equal([2, 1]);
    });

    it(`${way} - reads a file descriptor from its current position`, async () => {
      for (const fn of [original, wrapped()]) {
        if (way === 'fs.promises.readFile') {
          const handle = await fs.promises.open(file());
          await handle.read(Buffer.alloc(3), 0, 3, null);
          expect(await call(fn, [handle, 'latin1'])).to.deep.equal({ value: fs.readFileSync(file(), 'latin1').slice(3) });
          await handle.close();
        } else {
          const fd = openSync(file(), 'r');
          fs.readSync(fd, Buffer.alloc(3), 0, 3, null);
          const { value } = await call(fn, [fd, 'latin1']);
          expect(Array.isArray(value) ? value[1] : value).to.equal(fs.readFileSync(file(), 'latin1').slice(3));
          closeSync(fd);
        }
      }
    });

    it(`${way} - reads a pipe`, async () => {
      const pipe = file(`pipe ${way}`);
      execFileSync('mkfifo', [pipe]);
      for (const fn of [original, wrapped()]) {
        const writer = spawn(process.execPath, ['-e', `fs.writeFileSync(${JSON.stringify(pipe)}, 'water')`]);
        const ended = once(writer, 'exit');
        const { value } = await call(fn, [pipe, 'utf8']);
        expect(Array.isArray(value) ? value[1] : value).to.equal('water');
        expect(await ended).to.deep.equal([0, null]);
      }
    });

    it(`${way} - has the name, the length and the properties of Node's`, () => {
      const fn = wrapped();
      expect(fn).not.to.equal(original);
      expect([fn.name, fn.length]).to.deep.equal([original.name, original.length]);
      expect(Reflect.ownKeys(fn)).to.have.members(
        Reflect.ownKeys(original)
          .concat('prototype')
          .filter((key, at, all) => all.indexOf(key) === at),
      );
    });
  }

  it('fs.readFile - throws without a callback, as in Node', () => {
    for (const args of [[file()], [file(), 'utf8'], [file(), {}, undefined], [file(), 'utf8', 'callback'], [], [file(), null, 7]]) {
      const outcome = (fn: AnyFunction) => {
        try {
          return { value: fn(...args) };
        } catch (error) {
          return failed(error, true);
        }
      };
      expect(outcome(fs.readFile as AnyFunction)).to.deep.equal(outcome(ORIGINALS.readFile as AnyFunction));
    }
  });

  it('fs.readFile - accepts the callback as its second argument', (done) => {
    fs.readFile(file(), (error, bytes) => {
      expect([error, bytes.toString()]).to.deep.equal([null, fs.readFileSync(file(), 'utf8')]);
      done();
    });
  });

  it('fs.readFile - a cached answer is delivered in a later turn of the event loop', (done) => {
    let changed = false;
    setTimeout(() => (changed = true), 1);
    const poll = () => fs.readFile(file(), () => (changed ? done() : poll()));
    poll();
  });

  it('fs.promises.readFile - a loop of cached reads does not starve the event loop', async () => {
    const later = { came: false };
    setTimeout(() => (later.came = true), 1);
    while (!later.came) await fs.promises.readFile(file());
  });

  it('util.promisify - works on fs.readFile', async () => {
    expect(await promisify(fs.readFile)(file(), 'utf8')).to.equal(fs.readFileSync(file(), 'utf8'));
    const error = await rejection(promisify(fs.readFile)(file('missing')));
    expect(error).to.include({ code: 'ENOENT', path: file('missing') });
  });

  it('ES modules - named imports are wrapped too', async () => {
    const { readFileSync } = (await import('node:fs')) as typeof fs;
    expect(readFileSync).to.equal(fs.readFileSync);
  });

  it('cache - its own reads use the original fs', async () => {
    cache.purge();
    expect(cache.readSync(file('bom'), 'utf8')).to.equal('\ufeffwith a mark');
    expect(await cache.read(file('bytes'))).to.have.length(256);
    expect(await cache.noCache(file('bytes'))).to.have.length(256);
    expect(cache.noCacheSync(file('bytes'))).to.have.length(256);
  });

  it('unwrapFS - restores the original functions; calling wrapFS or unwrapFS twice is harmless', () => {
    cache.unwrapFS().unwrapFS();
    const { readFile, readFileSync } = fs;
    expect([readFile, readFileSync, fs.promises.readFile]).to.deep.equal(Object.values(ORIGINALS));
    cache.wrapFS();
    const wrapped = fs.readFileSync;
    cache.wrapFS();
    expect(fs.readFileSync).to.equal(wrapped).and.not.to.equal(readFileSync);
  });
});
