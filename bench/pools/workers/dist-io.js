const { Slave } = require('dist-io');
const { load, run } = require('../jobs');

load();
Slave.task('run', run);
