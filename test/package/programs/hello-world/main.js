const master = require('dist-io').Master;

const slave = master.createSlave('./slave.js');

async function main() {
  let response = await slave.exec('say hello');
  console.log(response.value, response.error === null);

  response = await slave.exec('say hello');
  console.log(response.value, response.error === null);

  slave.exit();
}

main();
