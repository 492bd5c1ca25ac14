// Notes each execution by its number in a file, one write each, so that the soak can count them.
const { openSync, writeSync } = require('node:fs');
const { Slave } = require('dist-io');

const log = openSync(Slave.data.log, 'a');

Slave.task('note', async ({ number, ms }) => {
  writeSync(log, `${number}\n`);
  if (ms > 0) await new Promise((resolve) => setTimeout(resolve, ms));
  return number;
});
