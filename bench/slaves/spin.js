const { Slave } = require('dist-io/slave');

/** CPU-bound work: `rounds` rounds of arithmetic. */
Slave.task('spin', (rounds) => {
  let x = 1;
  for (let i = 0; i < rounds; i++) x = (x * 1103515245 + 12345) % 2147483648;
  return x;
});
