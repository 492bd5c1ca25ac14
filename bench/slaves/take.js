const { Slave } = require('dist-io');

/** Takes a value and says how long it is. */
Slave.task('take', ({ length }) => length);
