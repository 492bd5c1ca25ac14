// Scatter and gather: the most frequent words in the Markdown files of a folder. The files are distributed to the slaves, and their
// counts are added up as they arrive.
//
//     node examples/word-count/main.js [folder] [number of words]
const { readdirSync } = require('node:fs');
const { availableParallelism } = require('node:os');
const { join } = require('node:path');
const Table = require('cli-table3');
const master = require('dist-io').Master;

async function main(folder, most) {
  const files = textFiles(folder);
  const slaves = master.createSlaves(availableParallelism(), require.resolve('./slave.js'));

  const started = performance.now();
  const counts = await master
    .createScatter('count words', { chunkSize: 10 })
    .data(...files)
    .reduce(addUp, new Map(), slaves);
  const seconds = (performance.now() - started) / 1000;

  const words = [...counts.values()].reduce((sum, count) => sum + count, 0);
  console.log(report(counts, most));
  console.log(
    `${files.length} files, ${words} words, ${counts.size} different ones; ${slaves.length} slaves, ${seconds.toFixed(2)} seconds`,
  );
}

function textFiles(folder) {
  const entries = readdirSync(folder, { recursive: true, withFileTypes: true });
  return entries.filter((entry) => entry.isFile() && entry.name.endsWith('.md')).map((entry) => join(entry.parentPath, entry.name));
}

/** The order in which the counts arrive does not matter for sums. */
function addUp(counts, part) {
  for (const [word, count] of part) counts.set(word, (counts.get(word) ?? 0) + count);
  return counts;
}

function report(counts, most) {
  const top = [...counts].sort(([a, x], [b, y]) => y - x || (a < b ? -1 : 1)).slice(0, most);
  const table = new Table({
    head: ['word', 'times', ''],
    style: { head: [], border: [], compact: true },
    colAligns: ['left', 'right', 'left'],
  });
  for (const [word, count] of top) table.push([word, count, '█'.repeat(Math.ceil((40 * count) / top[0][1]))]);
  return table.toString();
}

main(process.argv[2] ?? join(__dirname, '..', '..', 'node_modules'), Number(process.argv[3] ?? 10))
  .catch((error) => {
    console.error(error.message);
    process.exitCode = 1;
  })
  .finally(() => master.exit());
