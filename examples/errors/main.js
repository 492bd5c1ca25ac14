// Errors that a caller can get. Every call settles, and the class of the error tells its origin: a DistIOError comes from dist-io, any
// other error was thrown by the task.
const { DistIOError, Master } = require('dist-io');

async function tell(slave, task, data, metadata) {
  const { error } = await slave.exec(task, data, metadata);
  const fault = error instanceof DistIOError ? `${error.name} (${error.code})` : `${error.name}: ${error.message}, status ${error.status}`;
  console.log(`${task} - ${fault}`);
}

async function main() {
  const slave = Master.createSlave(require.resolve('./slave.js'));
  await tell(slave, 'fail', 'coffee');
  await tell(slave, 'make tea');
  await tell(slave, 'return a function');
  await tell(slave, 'fail', { callback: () => 'Hi' });
  await tell(slave, 'wait for ever', undefined, { timeout: '50ms' });
  await tell(slave, 'leave');
  await tell(slave, 'fail', 'too late');

  const missing = Master.createSlave('./no-such-file.js');
  await tell(missing, 'start');
}

main();
