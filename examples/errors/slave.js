const slave = require('dist-io').Slave;

slave
  .task('fail', (word) => {
    throw Object.assign(new RangeError(`No ${word} today`), { status: 404 });
  })
  .task('wait for ever', () => new Promise(() => {}))
  .task('return a function', () => ({ list: [1, () => 2] }))
  .task('leave', () => process.exit(7));
