const slave = require('dist-io').Slave;

slave.task('say hello', (data, done) => {
  done(`Hello from ${slave.id}`);
});
