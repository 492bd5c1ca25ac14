// Answers each request with its data, by the library of NATS alone: the baseline for slaves on other machines. `nats-echo.js <address>`.
const { connect } = require('@nats-io/transport-node');

async function main() {
  const connection = await connect({ servers: process.argv[2], noAsyncTraces: true });
  connection.subscribe('echo', { callback: (_, message) => message.respond(message.data) });
  connection.subscribe('chunks', {
    callback: (_, { data, reply }) => {
      const chunk = new Uint8Array(64 * 1024);
      let left = Number(data);
      const publish = () => {
        // In turns, so that the connection can be read.
        for (let i = 0; i < 64 && left > 0; i++, left--) connection.publish(reply, chunk);
        if (left > 0) void connection.flush().then(publish);
      };
      publish();
    },
  });
  await connection.flush();
  process.send('ready');
}

void main();
