const slave = require('dist-io').Slave;

slave.task('say hello', () => `Hello from ${slave.id}`);
slave.task('square', (number) => number * number);
