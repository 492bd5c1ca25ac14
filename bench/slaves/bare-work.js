// A minimal child or thread that does the work of bench/pools/jobs.js.
const { parentPort } = require('node:worker_threads');
const { run } = require('../pools/jobs');

const send = parentPort === null ? process.send.bind(process) : parentPort.postMessage.bind(parentPort);
(parentPort ?? process).on('message', (job) => void run(job).then(send));
send('ready');
