// Executes different tasks at the same time: facts about one file, each gathered by the least busy slave.
//
//     node examples/parallel/main.js [file]
const { availableParallelism } = require('node:os');
const { join } = require('node:path');
const Table = require('cli-table3');
const master = require('dist-io').Master;

async function main(file) {
  const slaves = master.createSlaves(availableParallelism(), require.resolve('./slave.js'));
  await slaves.ready();

  const facts = master.createParallel();
  for (const task of ['gzipped', 'sha256', 'lines', 'brotlied']) facts.addTask(task, file, { rejectOnError: true });

  const started = performance.now();
  const responses = await facts.execute({ timeout: '1m' });
  const duration = performance.now() - started;

  const table = new Table({
    head: ['task', 'value', 'slave', 'ms'],
    style: { head: [], border: [], compact: true },
    colAligns: ['left', 'right', 'right', 'right'],
  });
  for (const { task, value, from, duration } of responses) table.push([task, value, from, duration.toFixed(0)]);
  console.log(`${file}\n${table.toString()}\nall of it: ${duration.toFixed(0)} ms`);
}

main(process.argv[2] ?? join(__dirname, '..', '..', 'package-lock.json'))
  .catch((error) => {
    console.error(error.message);
    process.exitCode = 1;
  })
  .finally(() => master.exit());
