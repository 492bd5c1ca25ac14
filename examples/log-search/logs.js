// Generates a folder of logs, as the services of a shop write them.
const { createWriteStream, mkdirSync } = require('node:fs');
const { join } = require('node:path');
const { pipeline } = require('node:stream/promises');
const { randomFrom } = require('../random');

const SERVICES = ['shop', 'cart', 'payment', 'stock', 'mail', 'search'];
const ROUTES = ['/', '/cart', '/checkout', '/login', '/products/17', '/products/4711', '/search?q=grüner+tee'];
const TROUBLES = ['connection refused by db-2:5432', 'timeout after 3000 ms', 'no such user', 'out of stock', 'card declined'];

const MB = 2 ** 20;

/** Writes two files for each service, about `megabytes` in total. Equal sizes give equal files. */
exports.writeLogs = async function writeLogs(folder, megabytes) {
  mkdirSync(folder, { recursive: true });
  const files = SERVICES.flatMap((service, i) => [1, 2].map((day) => ({ name: `${service}-2026-11-0${day}.log`, seed: 2 * i + day })));
  for (const { name, seed } of files) {
    await pipeline(blocks(seed, (megabytes * MB) / files.length), createWriteStream(join(folder, name)));
  }
};

/** Blocks of whole lines, about `size` bytes in total. */
function* blocks(seed, size) {
  const random = randomFrom(seed);
  const oneOf = (list) => list[Math.floor(random() * list.length)];
  let time = Date.UTC(2026, 10, seed);
  let block = '';
  for (let written = 0; written < size;) {
    time += Math.floor(random() * 500);
    const isTrouble = random() < 0.01;
    const what = isTrouble ? oneOf(TROUBLES) : `200 in ${1 + Math.floor(random() * 90)} ms`;
    const line = `${new Date(time).toISOString()} ${isTrouble ? 'ERROR' : 'INFO'} GET ${oneOf(ROUTES)} ${what}\n`;
    written += Buffer.byteLength(line);
    block += line;
    if (block.length < 64 * 1024 && written < size) continue;
    yield block;
    block = '';
  }
}
