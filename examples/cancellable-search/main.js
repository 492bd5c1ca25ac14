// Finds a number by its hash, a long computation. Ctrl-C or the timeout cancels it; the slave lives on and runs its next task. Then a
// search that ignores its signal is stopped by force.
//
//     node examples/cancellable-search/main.js [number] [timeout]
const master = require('dist-io').Master;
const { withProgress } = require('../progress');

async function main(number = '2718281', timeout = '30s') {
  if (!/^\d+$/.test(number)) throw new TypeError('The number must consist of digits.');
  const slave = master.createSlave(require.resolve('./slave.js'));
  const digits = number.length;
  const hash = (await slave.exec('hash', number)).unwrap();

  const controller = new AbortController();
  process.once('SIGINT', () => controller.abort(new Error('Ctrl-C')));

  const { value, error } = await withProgress('Searching', 10 ** digits, (onProgress) =>
    slave.exec('search', { hash, digits }, { onProgress, signal: controller.signal, timeout }),
  );
  if (error === null) console.log(`Found: ${value}`);
  else console.log(`Not found: ${error.name}${error.cause instanceof Error ? ` (${error.cause.message})` : ''}`);

  const next = await slave.exec('hash', 'next');
  console.log(`Its slave lives on: ${next.ok && slave.isAlive}`);

  const stubborn = await slave.exec('search like mad', { hash: 'none', digits: 12 }, { timeout: '200ms', cancel: 'kill', grace: '300ms' });
  console.log(`The one that does not listen: ${stubborn.error.name}`);
  const waiting = await slave.exec('hash', 'next');
  console.log(`What waited behind it: ${waiting.error.name}, ${waiting.error.message}`);

  const successor = master.createSlave(require.resolve('./slave.js'));
  console.log(`A new slave takes over: ${(await successor.exec('hash', 'next')).value === next.value}`);
}

main(...process.argv.slice(2))
  .catch((error) => {
    console.error(error.message);
    process.exitCode = 1;
  })
  .finally(() => master.exit());
