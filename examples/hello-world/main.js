// A master creates a slave, executes one of its tasks and ends it.
const master = require('dist-io').Master;

async function main() {
  const slave = master.createSlave(require.resolve('./slave.js'));
  const response = await slave.exec('say hello', 'World');
  console.log(response.value, response.error === null);
  await slave.exit();
}

main();
