// Compares the file cache with plain fs in one run: `npm run bench:cache`. Only the ratios are comparable;
// absolute figures depend on the machine and its load.
const fs = require('node:fs');
const { availableParallelism, cpus, tmpdir } = require('node:os');
const { join } = require('node:path');
const { setTimeout: pause } = require('node:timers/promises');
const Table = require('cli-table3');
const { FileCache } = require('dist-io/cache');
const { inTurn, median, ratio } = require('./measure');

/** The sizes of the files, and the number of measurements for each: more for small ones. */
const FILES = [
  { name: '0.1 KB', size: 102, rounds: 400 },
  { name: '1 KB', size: 1024, rounds: 400 },
  { name: '10 KB', size: 10 * 1024, rounds: 400 },
  { name: '100 KB', size: 100 * 1024, rounds: 400 },
  { name: '1 MB', size: 2 ** 20, rounds: 40 },
  { name: '10 MB', size: 10 * 2 ** 20, rounds: 7 },
  { name: '100 MB', size: 100 * 2 ** 20, rounds: 3 },
];
const TIMES = [1, 2, 5, 20];

const cache = new FileCache({ size: '1gb' });
const unwatched = new FileCache({ size: '1gb', watch: false });

/** The contestants: each reads a file once. */
const WAYS = {
  sync: {
    fs: (file, encoding) => fs.readFileSync(file, encoding),
    cache: (file, encoding) => cache.readSync(file, encoding),
    unwatched: (file, encoding) => unwatched.readSync(file, encoding),
  },
  async: {
    fs: (file, encoding) => fs.promises.readFile(file, encoding),
    cache: (file, encoding) => cache.read(file, encoding),
    unwatched: (file, encoding) => unwatched.read(file, encoding),
  },
};

async function main() {
  console.log(`Node ${process.version}, ${availableParallelism()} cores, ${cpus()[0].model}\n`);
  const folder = fs.mkdtempSync(join(tmpdir(), 'dist-io-bench-'));
  try {
    for (const { name, size } of FILES)
      fs.writeFileSync(join(folder, name), 'A line of text, as it may stand in any file.\n'.repeat(size / 45 + 1).slice(0, size));
    // Waits until the files are old enough to be cached.
    await pause(2500);
    for (const encoding of [undefined, 'utf8']) {
      for (const [way, readers] of Object.entries(WAYS)) await compare(folder, encoding, way, readers);
    }
  } finally {
    fs.rmSync(folder, { recursive: true });
  }
}

function createTable(title) {
  return new Table({
    head: [title, 'fs, µs', 'first read', ...TIMES.slice(1).map((times) => `read ${times} times`), 'from memory', 'without watch'],
    style: { head: [], border: [] },
    colAligns: ['left', ...Array(7).fill('right')],
  });
}

async function compare(folder, encoding, way, readers) {
  const table = createTable(`${encoding === undefined ? 'Buffer' : 'utf-8'}, ${way}`);
  for (const { name, rounds } of FILES) {
    const file = join(folder, name);
    const reading = (reader, times) => async () => {
      const began = performance.now();
      // Awaits only promises: awaiting a value would take longer than the read.
      for (let i = 0; i < times; i++) way === 'sync' ? reader(file, encoding) : await reader(file, encoding);
      return (1000 * (performance.now() - began)) / times;
    };
    const measure = async (contestants) => {
      await inTurn(contestants, Math.ceil(rounds / 4), (contestant) => contestant());
      return inTurn(contestants, rounds, (contestant) => contestant());
    };

    const row = [];
    let plain;
    for (const times of TIMES) {
      const fresh = reading(readers.cache, times);
      const figures = await measure({ fs: reading(readers.fs, times), cache: () => (cache.purge(), fresh()) });
      plain ??= figures.fs;
      row.push(times === 1 ? `${ratio(figures.cache, figures.fs).toFixed(2)} x fs` : faster(figures.cache, figures.fs));
    }
    cache.purge();
    await readers.cache(file, encoding);
    await readers.unwatched(file, encoding);
    const hits = await measure({
      fs: reading(readers.fs, 1),
      cache: reading(readers.cache, 1),
      unwatched: reading(readers.unwatched, 1),
    });
    table.push([name, median(plain).toFixed(1), ...row, faster(hits.cache, hits.fs), faster(hits.unwatched, hits.fs)]);
    cache.purge();
    unwatched.purge();
  }
  console.log(`${table}\n`);
}

/** The speed-up. */
function faster(figures, baseline) {
  const times = ratio(baseline, figures);
  return `${times >= 100 ? Math.round(times).toLocaleString('en') : times.toFixed(1)} x`;
}

void main();
