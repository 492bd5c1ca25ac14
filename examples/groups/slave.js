const slave = require('dist-io').Slave;

slave.task('who are you', () => slave.alias ?? `slave ${slave.id}`);
