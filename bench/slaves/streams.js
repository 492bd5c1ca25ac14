const { Slave } = require('dist-io/slave');

const chunk = Buffer.alloc(64 * 1024, 'x');
let made = 0;

Slave.task('numbers', function* (count) {
  for (let i = 0; i < count; i++) yield i;
})
  .task('numbers, async', async function* (count) {
    for (let i = 0; i < count; i++) yield i;
  })
  .task('chunks', function* (count) {
    for (let i = 0; i < count; i++) yield chunk;
  })
  .task('without end', function* () {
    for (;;) {
      made++;
      yield Buffer.alloc(1024, 'y');
    }
  })
  .task('made', () => made)
  .task('memory', () => {
    globalThis.gc();
    return process.memoryUsage();
  });
