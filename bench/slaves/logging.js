// Writes each run to a file, so that lost and repeated work can be counted.
const { appendFileSync } = require('node:fs');
const { setTimeout } = require('node:timers/promises');
const { Slave } = require('dist-io');

async function work(id) {
  appendFileSync(Slave.data, `${id}\n`);
  await setTimeout(10);
  return id;
}

Slave.task('once', work).task('idempotent', { idempotent: true, retries: 5 }, work);
