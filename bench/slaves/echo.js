const { Slave } = require('dist-io');

Slave.task('echo', (data) => data);
Slave.task('length', (bytes) => bytes.byteLength);
Slave.task('chunks', function* (count) {
  for (let i = 0; i < count; i++) yield Buffer.alloc(64 * 1024);
});
