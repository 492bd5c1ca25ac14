// Calls the methods of a class in another process. Only the types of the class are imported.
import { Master } from 'dist-io';
import type { Calculator } from './calculator';

async function main(): Promise<void> {
  const slaves = Master.createSlaves(2, require.resolve('./calculator'));
  const calculator = slaves.as<Calculator>();

  const sum: number = await calculator.add({ a: 1, b: 2 });
  console.log('1 + 2 =', sum);

  // Each call goes to the least busy slave, and a failure rejects.
  const [half, nothing] = await Promise.allSettled([calculator.divide({ a: 1, b: 2 }), calculator.divide({ a: 1, b: 0 })]);
  console.log('1 / 2 =', half.status === 'fulfilled' && half.value);
  console.log('1 / 0 :', nothing.status === 'rejected' && String(nothing.reason));

  await slaves.exit();
}

void main();
