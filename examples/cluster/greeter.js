const { Slave } = require('dist-io');

Slave.task('say hello', (name) => `Hello ${name}!`);
