// The same slave in three runtimes: a separate process, a thread of this process, and the same thread.
const master = require('dist-io').Master;

async function main() {
  for (const runtime of ['process', 'thread', 'inline']) {
    const slave = master.createSlave(require.resolve('./slave.js'), { runtime });
    const { value } = await slave.exec('where are you');
    console.log(
      `${runtime}: ${value.pid === process.pid ? 'my process' : 'another process'}, ${value.threadId === 0 ? 'main thread' : 'worker thread'}`,
    );
    await slave.exit();
  }
}

main();
