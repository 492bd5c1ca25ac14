// A program that uses slaves on other machines. On each of them runs `npx dist-io host --config host.json`.
const { Master } = require('dist-io');
const { connect } = require('dist-io/nats');

async function main() {
  const master = new Master();
  const cluster = await connect(master, { servers: process.env.NATS_URL ?? 'nats://127.0.0.1:4222' });

  const slave = master.createSlave('greeter', { host: 'h1' }); // a script that the host h1 offers
  console.log((await slave.exec('say hello', 'Ann')).unwrap());

  const pool = master.createPool(4, 'greeter', { host: 'any' }); // on all hosts, by their free capacity
  const responses = await Promise.all(['Bob', 'Cid', 'Dee', 'Eve'].map((name) => pool.do('say hello', name)));
  for (const response of responses) console.log(response.unwrap(), 'from', response.slave.host);

  await master.exit();
  await cluster.close();
}

main();
