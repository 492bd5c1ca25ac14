// Jobs that survive the end of this program. Needs a server: nats-server -js -sd ./jetstream
const { Master } = require('dist-io');
const { connect } = require('dist-io/nats');

async function main() {
  const master = new Master();
  const cluster = await connect(master, { servers: process.env.NATS_URL ?? 'nats://127.0.0.1:4222' });
  const pool = master.createPool(2, require.resolve('./invoices.js'), { durable: 'invoices' });

  // The same key twice: one job.
  const id = await pool.submit('print', { order: 17 }, { key: 'order-17' });
  await pool.submit('print', { order: 17 }, { key: 'order-17' });
  console.log(await pool.result(id));

  await pool.submit('print', { order: 18 }, { priority: 'high', delay: '1s' });
  await pool.schedule('nightly', { every: '1d' }, 'print', { order: 'all of the day' });
  console.log(await pool.counts());

  await pool.exit(); // finishes what runs; the rest stays on the server
  await master.exit();
  await cluster.close();
}

main();
