const { readFileSync } = require('node:fs');
const slave = require('dist-io').Slave;

/** A word is a sequence of letters of any script. */
const WORD = /\p{L}+/gu;

slave.task('count words', (files) => {
  const counts = new Map();
  for (const file of files)
    for (const [word] of readFileSync(file, 'utf8').toLowerCase().matchAll(WORD)) counts.set(word, (counts.get(word) ?? 0) + 1);
  return counts;
});
