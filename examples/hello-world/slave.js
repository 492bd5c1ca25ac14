const slave = require('dist-io').Slave;

slave.task('say hello', (name, done) => done(`Hello ${name}!`));
