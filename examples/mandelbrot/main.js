// Paints the Mandelbrot set in tiles. Some tiles take a hundred times as long as others, so each goes to the next idle slave.
//
//     node examples/mandelbrot/main.js [file] [width]
const { writeFileSync } = require('node:fs');
const { availableParallelism } = require('node:os');
const master = require('dist-io').Master;
const { encodePng } = require('./png');
const { withProgress } = require('../progress');

const TILE = 64;

function* tiles(width, height) {
  for (let y = 0; y < height; y += TILE)
    for (let x = 0; x < width; x += TILE)
      yield { x, y, columns: Math.min(TILE, width - x), rows: Math.min(TILE, height - y), width, height };
}

async function main(file = 'mandelbrot.png', width = 1200) {
  if (!(width > 0)) throw new TypeError('The width must be a number of pixels.');
  const height = Math.round((width * 2) / 3);
  const picture = new Uint8Array(width * height * 3);
  const painters = [];

  const slaves = master.createSlaves(availableParallelism(), require.resolve('./slave.js'));
  await slaves.ready();
  const pool = master.createWorkpool(...slaves);

  const started = performance.now();
  const count = [...tiles(width, height)].length;
  await withProgress('Painting', count, async (onProgress) => {
    let done = 0;
    for await (const { x, y, columns, pixels, slave } of pool.map(tiles(width, height), 'paint', { ordered: false })) {
      for (let row = 0; row * columns * 3 < pixels.length; row++)
        picture.set(pixels.subarray(row * columns * 3, (row + 1) * columns * 3), ((y + row) * width + x) * 3);
      (painters[y / TILE] ??= [])[x / TILE] = slave;
      onProgress(++done);
    }
  });
  const seconds = (performance.now() - started) / 1000;
  await pool.exit();

  writeFileSync(file, encodePng(picture, width, height));
  console.log('Who painted what:\n');
  for (const row of painters) console.log(`  ${row.join(' ')}`);
  console.log(`\n${file}: ${width} x ${height}, ${count} tiles by ${slaves.length} slaves in ${seconds.toFixed(2)} seconds`);
}

main(process.argv[2], process.argv[3] && parseInt(process.argv[3], 10))
  .catch((error) => {
    console.error(error.message);
    process.exitCode = 1;
  })
  .finally(() => master.exit());
