// Executes the tasks of a class by their names.
import { Master } from 'dist-io';

async function main(): Promise<void> {
  const slave = Master.createSlave(require.resolve('./greeter'));
  for (const name of ['Ann', 'Ben']) console.log((await slave.exec('say hello', name)).value);
  console.log((await slave.exec('howMany')).value);
  await slave.exit();
}

void main();
