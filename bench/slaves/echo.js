const { Slave } = require('dist-io');

Slave.task('echo', (data) => data);
