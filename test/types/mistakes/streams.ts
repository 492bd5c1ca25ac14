/** What a slave of known tasks must refuse about streams. */
import { Master, type TaskContext } from 'dist-io';
import type { Greeter } from '../expected/greeter';

type Tasks = {
  count: (to: number) => Generator<number>;
  import: (files: string[], done: () => void, context: TaskContext<number>) => void;
  sum: (numbers: AsyncIterable<number>) => number;
};

const slave = Master.createSlave<Tasks>('./slave.js');
const greeter = slave.as<Greeter>();

// @ts-expect-error no such task
slave.stream('cuont', 3);

// @ts-expect-error wrong data
slave.stream('count', 'three');

// @ts-expect-error missing data
slave.stream('count');

export async function iterating(): Promise<void> {
  // @ts-expect-error the items are numbers
  for await (const text of slave.stream('count', 3)) text.trim();

  // @ts-expect-error the items are numbers
  for await (const text of greeter.count(3)) text.trim();

  // @ts-expect-error one value is not many
  for await (const text of greeter.sayHello('Ann')) void text;
}

// @ts-expect-error an array is a value and no stream
void slave.exec('sum', [1, 2, 3]);

async function* texts(): AsyncGenerator<string> {
  yield await Promise.resolve('one');
}
// @ts-expect-error a stream of something else
void slave.exec('sum', texts());

// @ts-expect-error progress is a number
void slave.exec('import', [], { onProgress: (done: string) => void done });

// @ts-expect-error no such way of cancelling
void slave.exec('import', [], { cancel: 'stop' });

// @ts-expect-error views are not what moves, their buffers are
void slave.exec('import', [], { transfer: [new Float64Array(1)] });

// @ts-expect-error no number of items
void slave.exec('import', [], { highWaterMark: '1kb' });

// @ts-expect-error streams are not thenable
void slave.stream('count', 3).then();
