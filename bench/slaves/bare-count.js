// Takes a length and as many bytes from a socket, and answers with a byte.
const { Socket } = require('node:net');

const socket = new Socket({ fd: 3, readable: true, writable: true });
let left = 0;

socket.on('data', (chunk) => {
  if (left === 0) left = 4 + chunk.readUInt32BE();
  left -= chunk.length;
  if (left === 0) socket.write('x');
});
socket.on('end', () => process.exit());
socket.write('x');
