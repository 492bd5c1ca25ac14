const { Slave } = require('dist-io');

Slave.task('echo', (data) => data);
Slave.task('length', (bytes) => bytes.byteLength);
