// The slave of main.js: a task that may run twice without harm.
const { Slave } = require('dist-io');

Slave.task('print', ({ order }) => `invoice of order ${order}`);
