const { threadId } = require('node:worker_threads');
const slave = require('dist-io').Slave;

slave.task('where are you', () => ({ pid: process.pid, threadId }));
