const { Slave } = require('dist-io');

let count = 0;

Slave.task('count', () => ++count)
  .task('echo', (data) => data)
  .task('fail', () => require('node:fs').readFileSync('/there is no such file'))
  .task('wait', (_, done, { signal }) => signal.addEventListener('abort', () => done('aborted')));
