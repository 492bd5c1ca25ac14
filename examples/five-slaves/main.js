// Addresses every slave, one slave, and the least busy slave.
const master = require('dist-io').Master;

async function main() {
  const slaves = master.createSlaves(5, require.resolve('./slave.js'));

  const responses = await master.broadcast('say hello').to(...slaves);
  console.log(responses.joinValues(', '));

  const one = await master.slave(3).exec('say hello');
  console.log('Only one:', one.value);

  const numbers = [1, 2, 3, 4, 5, 6, 7, 8, 9, 10];
  const squares = await Promise.all(numbers.map((number) => master.slaves.leastBusy().exec('square', number)));
  console.log('Squares:', squares.map((response) => response.value).join(' '));
  console.log('By how many slaves:', new Set(squares.map((response) => response.from)).size);

  await slaves.exit();
}

main();
