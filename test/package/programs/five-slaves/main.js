const master = require('dist-io').Master;

const slaves = master.createSlaves(5, './slave.js');

async function main() {
  const responses = await master.broadcast('say hello').to(...slaves);
  for (const response of responses) console.log(response.value);

  const response = await master.slave(0).exec('say hello');
  console.log('Again:', response.value);

  slaves.exit();
}

main();
