// Streams a large CSV file through two slaves into another file: one converts it to lines of JSON, the other compresses them. All steps
// run at the same time, and none is far ahead of the next, so memory stays constant for a file of any size.
//
//     node examples/duplex/main.js [number of readings] [folder]
const { createReadStream, createWriteStream, mkdirSync, statSync } = require('node:fs');
const { tmpdir } = require('node:os');
const { join } = require('node:path');
const { pipeline } = require('node:stream/promises');
const Table = require('cli-table3');
const master = require('dist-io').Master;
const { writeReadings } = require('./readings');

/** The number of chunks in flight to each slave, and from it. */
const highWaterMark = 8;

async function main(count, folder) {
  const [from, into] = [join(folder, 'readings.csv'), join(folder, 'readings.ndjson.gz')];
  mkdirSync(folder, { recursive: true });
  await writeReadings(from, count);
  const size = statSync(from).size;

  const [converter, zipper] = master.createSlaves(2, require.resolve('./slave.js'));
  const table = new Table({
    head: ['read', 'master', 'converter', 'zipper'],
    style: { head: [], border: [], compact: true },
    colAligns: ['right', 'right', 'right', 'right'],
  });

  const started = performance.now();
  await pipeline(
    createReadStream(from),
    (chunks) => watched(chunks, size, async (part) => table.push([`${part} %`, ...(await memory(converter, zipper))])),
    (chunks) => converter.stream('convert', chunks, { highWaterMark }),
    (lines) => zipper.stream('zip', lines, { highWaterMark }),
    createWriteStream(into),
  );
  const seconds = (performance.now() - started) / 1000;

  console.log('Memory in MB, while the file is read:\n');
  console.log(table.toString());
  console.log(`\n${from} -> ${into}`);
  console.log(`${mb(size)} MB in ${seconds.toFixed(2)} seconds`);
}

/** Passes the chunks on and calls `look` ten times on the way. */
async function* watched(chunks, size, look) {
  let read = 0;
  let looks = 0;
  for await (const chunk of chunks) {
    yield chunk;
    read += chunk.length;
    if (read >= ((looks + 1) * size) / 10) await look(10 * ++looks);
  }
}

async function memory(...slaves) {
  const reports = await Promise.all(slaves.map((slave) => slave.ping()));
  return [process.memoryUsage(), ...reports.map(({ memory }) => memory)].map(({ rss }) => mb(rss));
}

function mb(bytes) {
  return Math.round(bytes / 2 ** 20);
}

main(Number(process.argv[2] ?? 1_000_000), process.argv[3] ?? join(tmpdir(), 'dist-io-duplex'))
  .catch((error) => {
    console.error(error.message);
    process.exitCode = 1;
  })
  .finally(() => master.exit());
