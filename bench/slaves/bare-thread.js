const { parentPort } = require('node:worker_threads');

parentPort.on('message', (message) => parentPort.postMessage(message));
parentPort.postMessage('ready');
