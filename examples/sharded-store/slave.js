// One shard: keeps its part of the data in memory.
const slave = require('dist-io').Slave;

const values = new Map();

slave.task('set', ({ key, value }) => {
  values.set(key, value);
  return null;
});
slave.task('get', (key) => values.get(key) ?? null);
slave.task('count', () => values.size);
