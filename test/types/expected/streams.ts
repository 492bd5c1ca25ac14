/** The types of streams, of progress and of data that streams, from the types of functions. */
import { type Done, type ItemStream, Master, type Response, type SlaveHandle, type TaskContext } from 'dist-io';
import { expectTypeOf } from 'expect-type';

type Tasks = {
  count: (to: number) => Generator<number>;
  search: (what: { word: string }) => AsyncGenerator<{ line: number; text: string }>;
  later: (to: number) => Promise<AsyncIterable<string>>;
  list: () => string[];
  texts: (_: undefined, done: Done<string>) => void;
  import: (files: string[], done: Done<void>, context: TaskContext<number>) => void;
  sum: (numbers: AsyncIterable<number>) => number;
  upper: (texts: AsyncIterable<string>) => AsyncGenerator<string>;
};

const slave = Master.createSlave<Tasks>('./slave.js');

expectTypeOf(slave.stream('count', 3)).toEqualTypeOf<ItemStream<number>>();
expectTypeOf(slave.stream('search', { word: 'a' })).toEqualTypeOf<ItemStream<{ line: number; text: string }>>();
expectTypeOf(slave.stream('later', 1)).toEqualTypeOf<ItemStream<string>>();
// Arrays are values.
expectTypeOf(slave.stream('list')).toEqualTypeOf<ItemStream<string[]>>();
expectTypeOf(slave.stream('texts')).toEqualTypeOf<ItemStream<string>>();

expectTypeOf(slave.exec('count', 3)).toEqualTypeOf<Promise<Response<number[]>>>();
expectTypeOf(slave.exec('later', 3)).toEqualTypeOf<Promise<Response<string[]>>>();
expectTypeOf(slave.exec('list')).toEqualTypeOf<Promise<Response<string[]>>>();

async function* numbers(): AsyncGenerator<number> {
  yield await Promise.resolve(1);
}
expectTypeOf(slave.exec('sum', numbers())).toEqualTypeOf<Promise<Response<number>>>();
async function* texts(): AsyncGenerator<string> {
  yield await Promise.resolve('a');
}
expectTypeOf(slave.stream('upper', texts())).toEqualTypeOf<ItemStream<string>>();

void slave.exec('import', [], { onProgress: (done) => expectTypeOf(done).toEqualTypeOf<number>() });

// Of a slave whose tasks are not known, nothing is known.
const other: SlaveHandle = Master.createSlave('./slave.js');
expectTypeOf(other.stream('anything', 1)).toEqualTypeOf<ItemStream>();
void other.exec('anything', 1, { onProgress: (value) => expectTypeOf(value).toBeUnknown() });
void other.exec('anything', 1, { onProgress: (value: number) => value });
