const { createHash } = require('node:crypto');
const { readFileSync } = require('node:fs');
const { brotliCompressSync, gzipSync } = require('node:zlib');
const slave = require('dist-io').Slave;

slave
  .task('lines', (file) => readFileSync(file, 'utf8').split('\n').length - 1)
  .task('sha256', (file) => createHash('sha256').update(readFileSync(file)).digest('hex'))
  .task('gzipped', (file) => gzipSync(readFileSync(file)).length)
  .task('brotlied', (file) => brotliCompressSync(readFileSync(file)).length);
