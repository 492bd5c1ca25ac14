const slave = require('dist-io').Slave;

slave.task('count primes', ({ from, to }) => {
  if (from > to) throw new RangeError(`from (${from}) is greater than to (${to})`);
  let count = 0;
  for (let n = from; n < to; n++) if (isPrime(n)) count++;
  return count;
});

function isPrime(n) {
  if (n < 2) return false;
  for (let divisor = 2; divisor * divisor <= n; divisor++) if (n % divisor === 0) return false;
  return true;
}
