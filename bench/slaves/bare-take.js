// A minimal child or thread that takes a value and says how long it is.
const { parentPort } = require('node:worker_threads');

const send = parentPort === null ? process.send.bind(process) : parentPort.postMessage.bind(parentPort);
(parentPort ?? process).on('message', (data) => send(data.length));
send('ready');
