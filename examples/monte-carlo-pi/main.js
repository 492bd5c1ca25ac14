// Computes π by throwing darts, with each of the four patterns: the same darts give the same π in about the same time. The patterns
// differ in their purpose.
//
//     node examples/monte-carlo-pi/main.js [number of darts]
const { availableParallelism } = require('node:os');
const Table = require('cli-table3');
const master = require('dist-io').Master;
const ways = require('./ways');

const THROWS = 40;

async function main(darts) {
  const slaves = master.createSlaves(availableParallelism(), require.resolve('./slave.js'));
  const throws = Array.from({ length: THROWS }, (_, seed) => ({ seed, darts: Math.ceil(darts / THROWS) }));
  // A warm-up without measuring, so that the code is compiled.
  await slaves.exec('throw', { seed: 0, darts: 1e6 }, { rejectOnError: true });

  const table = new Table({
    head: ['way', 'π', 'seconds', 'times as fast'],
    style: { head: [], border: [], compact: true },
    colAligns: ['left', 'left', 'right', 'right'],
  });
  let alone;
  for (const [name, way] of Object.entries(ways)) {
    const started = performance.now();
    const hits = await way(throws, slaves);
    const seconds = (performance.now() - started) / 1000;
    alone ??= seconds;
    table.push([name, ((4 * hits) / (THROWS * throws[0].darts)).toFixed(8), seconds.toFixed(2), (alone / seconds).toFixed(2)]);
  }
  console.log(`${THROWS * throws[0].darts} darts, ${THROWS} throws, ${slaves.length} slaves\n${table.toString()}`);
}

main(Number(process.argv[2] ?? 20_000_000))
  .catch((error) => {
    console.error(error.message);
    process.exitCode = 1;
  })
  .finally(() => master.exit());
