// A node of moleculer with an action that returns its parameters: `moleculer-echo.js <address>`.
const peers = require('../pools/peers');

async function main() {
  const broker = new (peers('moleculer').ServiceBroker)({ nodeID: 'worker', transporter: process.argv[2], logger: false });
  broker.createService({ name: 'bench', actions: { echo: (context) => context.params.value } });
  await broker.start();
  process.send('ready');
}

void main();
