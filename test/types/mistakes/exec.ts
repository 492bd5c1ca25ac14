/** What a slave of known tasks must refuse. */
import { Master } from 'dist-io';

type Tasks = {
  'say hello': (name: string) => string;
  add: (numbers: { a: number; b: number }) => Promise<number>;
  now: () => Date;
};

const slave = Master.createSlave<Tasks>('./slave.js');
const slaves = Master.createSlaves<Tasks>(2, './slave.js');

// @ts-expect-error no such task
void slave.exec('say goodbye');

// @ts-expect-error wrong data
void slave.exec('say hello', 5);

// @ts-expect-error missing data
void slave.exec('say hello');

// @ts-expect-error incomplete data
void slave.exec('add', { a: 1 });

// @ts-expect-error data for a task that takes none
void slave.exec('now', 'please');

// @ts-expect-error a timeout that is no duration
void slave.exec('now', undefined, { timeout: true });

// @ts-expect-error a signal that is none
void slave.exec('now', undefined, { signal: 'stop' });

// @ts-expect-error no such task
void slaves.exec('say goodbye');

// @ts-expect-error the error may be null
void slave.exec('now').then(({ error }) => error.message);

// @ts-expect-error the value may be undefined
void slave.exec('now').then(({ value }) => value.getTime());

// @ts-expect-error no such option
Master.createSlave('./slave.js', { aliass: 'greeter' });

// @ts-expect-error no such runtime
Master.createSlave('./slave.js', { runtime: 'fiber' });

// @ts-expect-error of several, each is a slave of its own
slaves.id;

// @ts-expect-error no selector
Master.slave({ id: 5 });
