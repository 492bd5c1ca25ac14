// Searches a folder of logs as `grep -nF` does, with one slave for each core; matching lines are printed as they are found. With
// `--first`, the search stops as soon as there are enough of them, in the middle of the files.
//
//     node examples/log-search/main.js [folder] [--text ERROR] [--first 10] [--megabytes 30]
//
// Without a folder, it first generates logs of this many megabytes.
const { readdirSync } = require('node:fs');
const { availableParallelism, tmpdir } = require('node:os');
const { join } = require('node:path');
const { parseArgs } = require('node:util');
const Table = require('cli-table3');
const { AbortError, Master: master } = require('dist-io');
const { writeLogs } = require('./logs');

async function main(folder, { text, first }) {
  const files = readdirSync(folder, { withFileTypes: true }).flatMap((entry) => (entry.isFile() ? [join(folder, entry.name)] : []));
  const counts = new Map(files.map((file) => [file, 0]));
  const slaves = master.createSlaves(availableParallelism(), require.resolve('./slave.js'), { concurrency: 1 });
  await slaves.ready();

  const started = performance.now();
  const waiting = files.values();
  const enough = new AbortController();
  let found = 0;
  // All slaves take files from one list, so that none waits for another.
  await Promise.all(
    slaves.map(async (slave) => {
      for (const file of waiting) {
        for await (const match of matches(slave, { file, text }, enough.signal)) {
          if (enough.signal.aborted) return;
          console.log(`${match.file}:${match.number}:${match.line}`);
          counts.set(file, counts.get(file) + 1);
          if (++found >= first) enough.abort();
        }
      }
    }),
  );
  const seconds = (performance.now() - started) / 1000;

  // With `concurrency: 1`, this runs after the search before it has ended, cancelled searches included.
  const open = (await master.broadcast('open files').to(slaves)).sum;
  console.error(report(counts));
  console.error(
    `${found} lines in ${files.length} files by ${slaves.length} slaves in ${seconds.toFixed(2)} seconds, ${open} files still open`,
  );
}

/** The matches of one slave in one file, until enough were found. */
async function* matches(slave, query, signal) {
  try {
    yield* slave.stream('search', query, { signal });
  } catch (error) {
    if (!(error instanceof AbortError)) throw error;
  }
}

function report(counts) {
  const table = new Table({ head: ['file', 'lines'], style: { head: [], border: [], compact: true }, colAligns: ['left', 'right'] });
  for (const [file, count] of counts) table.push([file, count]);
  return table.toString();
}

const { positionals, values } = parseArgs({
  allowPositionals: true,
  options: {
    text: { type: 'string', default: 'ERROR' },
    first: { type: 'string', default: 'Infinity' },
    megabytes: { type: 'string', default: '30' },
  },
});

async function start([folder]) {
  const [first, megabytes] = [Number(values.first), Number(values.megabytes)];
  if (!(first > 0)) throw new TypeError('--first must be a number above 0.');
  if (folder !== undefined) return main(folder, { text: values.text, first });
  const made = join(tmpdir(), 'dist-io-logs');
  await writeLogs(made, megabytes);
  return main(made, { text: values.text, first });
}

start(positionals)
  .catch((error) => {
    console.error(error.message);
    process.exitCode = 1;
  })
  .finally(() => master.exit());
