// A pipeline: generates a CSV file of orders, reads it, checks and converts the orders, and loads them into another file. While one
// block is loaded, others are transformed, others are parsed, and the next is read.
//
//     node examples/etl/main.js [number of orders] [folder]
const { mkdirSync, writeFileSync } = require('node:fs');
const { availableParallelism, tmpdir } = require('node:os');
const { join } = require('node:path');
const Table = require('cli-table3');
const master = require('dist-io').Master;
const { blocks } = require('./extract');
const { HEAD, orders, record } = require('./orders');

async function main(count, folder) {
  const [from, into] = [join(folder, 'orders.csv'), join(folder, 'orders.ndjson')];
  mkdirSync(folder, { recursive: true });
  writeFileSync(from, `${HEAD}\n${Array.from(orders(count), record).join('')}`);
  writeFileSync(into, '');

  const slaves = master.createSlaves(availableParallelism(), require.resolve('./slave.js'), { group: 'workers' });
  slaves.push(master.createSlave(require.resolve('./slave.js'), { alias: 'loader' }));
  await slaves.ready();

  const rejected = {};
  const pipeline = master
    .createPipeline()
    .addTask('parse')
    .for('workers')
    .addTask('transform')
    .for('workers')
    .intercept(({ value }) => {
      for (const { reason } of value.rejected) rejected[reason] = (rejected[reason] ?? 0) + 1;
      return value.orders;
    })
    .addTask('load', { into })
    .for('loader');

  const started = performance.now();
  let loaded = 0;
  let revenue = {};
  for await (const block of pipeline.map(blocks(from), { timeout: '5m' })) {
    loaded += block.count;
    revenue = block.revenue;
  }
  const seconds = (performance.now() - started) / 1000;

  console.log(`${from} -> ${into}\n`);
  console.log(table('country', 'revenue in EUR', revenue, (cents) => (cents / 100).toFixed(2)));
  console.log(table('rejected', 'orders', rejected, String));
  console.log(`${loaded} of ${count} orders loaded in ${seconds.toFixed(2)} seconds`);
}

function table(what, amount, rows, show) {
  const most = Math.max(...Object.values(rows));
  const result = new Table({
    head: [what, amount, ''],
    style: { head: [], border: [], compact: true },
    colAligns: ['left', 'right', 'left'],
  });
  for (const [name, value] of Object.entries(rows).sort()) result.push([name, show(value), '█'.repeat(Math.ceil((30 * value) / most))]);
  return result.toString();
}

main(Number(process.argv[2] ?? 100_000), process.argv[3] ?? join(tmpdir(), 'dist-io-etl'))
  .catch((error) => {
    console.error(error.message);
    process.exitCode = 1;
  })
  .finally(() => master.exit());
