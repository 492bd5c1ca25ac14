const { parentPort } = require('node:worker_threads');

parentPort.on('message', ({ id, data }) => parentPort.postMessage({ id, data: data.byteLength }));
parentPort.postMessage('ready');
