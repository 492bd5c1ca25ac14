const os = require('node:os');
const path = require('node:path');
const master = require('dist-io').Master;

const LIMIT = 2_000_000;

async function main() {
  const count = os.availableParallelism();
  const slaves = master.createSlaves(count, path.join(__dirname, 'primes.js'));

  const size = LIMIT / count;
  const responses = await Promise.all(
    slaves.map((slave, i) => slave.exec('count primes', { from: Math.ceil(i * size), to: Math.ceil((i + 1) * size) })),
  );

  for (const { from, value, error, duration } of responses) {
    console.log(`Slave ${from}: ${error ? error.message : `${value} primes`} (${Math.round(duration)} ms)`);
  }
  const total = responses.reduce((sum, response) => sum + response.unwrap(), 0);
  console.log(`There are ${total} primes below ${LIMIT}.`);

  await slaves.exit();
}

main();
