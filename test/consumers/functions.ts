/** A program in functions: the master's side and the slave's. */
import { DistIOError, Master, Slave, type Response, type SlaveHandle } from 'dist-io';
import { Slave as SlaveAlone, type Done } from 'dist-io/slave';

Slave.task('say hello', (name: string) => `Hello ${name}`);
SlaveAlone.task('say later', (name: string, done: Done<string>) => setImmediate(() => done(name)));

export async function main(): Promise<string> {
  const slave: SlaveHandle = Master.createSlave(new URL('file:///slave.js'), { timeout: '5s', maxPayload: '64mb' });
  const response: Response = await slave.exec('say hello', 'Ann');
  if (response.error instanceof DistIOError) return response.error.code;
  const own = new Master({ runtime: 'thread' });
  await own.exit();
  return String(response.value);
}
