// Writes the given number of chunks to an additional stdio socket and waits for 'drain' under backpressure.
const { Socket } = require('node:net');

const socket = new Socket({ fd: 3, readable: true, writable: true });
const chunk = Buffer.alloc(64 * 1024, 'x');

socket.on('data', (data) => {
  let left = Number(data);
  const write = () => {
    while (left-- > 0) if (!socket.write(chunk)) return void socket.once('drain', write);
  };
  write();
});
socket.on('end', () => process.exit());
