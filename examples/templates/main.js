// Renders pages from shared templates: read from disk for each page, and through the file cache, with the times side by side.
//
//     node examples/templates/main.js [number of pages]
const { availableParallelism } = require('node:os');
const Table = require('cli-table3');
const master = require('dist-io').Master;

const WAYS = {
  fs: { reader: 'fs', watch: true },
  cache: { reader: 'cache', watch: true },
  'cache, without a look at the disk': { reader: 'cache', watch: false },
};

async function main(count) {
  const slaves = master.createSlaves(availableParallelism(), require.resolve('./slave.js'));
  const table = new Table({
    head: ['templates read by', 'ms', 'times as fast', 'from memory', 'from the disk'],
    style: { head: [], border: [], compact: true },
    colAligns: ['left', 'right', 'right', 'right', 'right'],
  });

  // A warm-up for all slaves.
  await pages(slaves, WAYS.fs, count);
  let plain;
  for (const [name, way] of Object.entries(WAYS)) {
    const made = await pages(slaves, way, count);
    plain ??= made;
    if (made.digests !== plain.digests) throw new Error(`${name} has rendered other pages than fs.`);
    table.push([name, made.ms.toFixed(0), (plain.ms / made.ms).toFixed(1), made.hits, made.misses]);
  }
  console.log(table.toString());
  console.log(`${count} pages, the same in each row; ${slaves.length} slaves`);
}

async function pages(slaves, way, count) {
  await master.broadcast('read by', way).to(slaves);
  const started = performance.now();
  const responses = await master
    .createScatter('render', { rejectOnError: true })
    .data(...Array.from({ length: count }, (_, number) => invoice(number)))
    .gather(slaves);
  const ms = performance.now() - started;
  const counts = await master.broadcast('counts').to(slaves);
  const sum = (key) => counts.values.reduce((total, value) => total + value[key], 0);
  return { ms, hits: sum('hits'), misses: sum('misses'), digests: responses.values.join() };
}

function invoice(number) {
  const items = Array.from({ length: 10 }, (_, at) => ({
    count: at + 1,
    article: `article ${(number * 7 + at) % 100}`,
    price: at * 3 + 1,
  }));
  return { number, customer: `customer ${number % 50}`, items };
}

main(Number(process.argv[2] ?? 2000))
  .catch((error) => {
    console.error(error.message);
    process.exitCode = 1;
  })
  .finally(() => master.exit());
