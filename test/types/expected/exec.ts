/** What `exec` and the ways to many slaves give, with and without known tasks. */
import { Master, type Response, type ResponseArray, type SlaveGroup, type SlaveHandle } from 'dist-io';
import { expectTypeOf } from 'expect-type';

type Tasks = {
  'say hello': (name: string) => string;
  add: (numbers: { a: number; b: number }) => Promise<number>;
  now: () => Date;
};

const slave = Master.createSlave<Tasks>('./slave.js');
const slaves = Master.createSlaves<Tasks>(2, './slave.js');
const unknown = Master.createSlave('./slave.js');

expectTypeOf(slave).toEqualTypeOf<SlaveHandle<Tasks>>();
expectTypeOf(slaves).toEqualTypeOf<SlaveGroup<Tasks>>();

expectTypeOf(slave.exec('say hello', 'Ann')).toEqualTypeOf<Promise<Response<string>>>();
expectTypeOf(slave.exec('add', { a: 1, b: 2 })).toEqualTypeOf<Promise<Response<number>>>();
expectTypeOf(slave.exec('now')).toEqualTypeOf<Promise<Response<Date>>>();
expectTypeOf(slave.exec('now', undefined, { timeout: '5s', mine: true })).toEqualTypeOf<Promise<Response<Date>>>();
expectTypeOf(slaves.exec('say hello', 'Ann')).toEqualTypeOf<Promise<ResponseArray<string>>>();
expectTypeOf(unknown.exec('anything', { at: 'all' })).toEqualTypeOf<Promise<Response>>();

expectTypeOf(Master.broadcast('say hello').to(slave, slaves, 0, 'alias', [slave, [1]])).toEqualTypeOf<Promise<ResponseArray>>();
expectTypeOf(Master.tell(slave).to('say hello', 'Ann')).toEqualTypeOf<Promise<Response<string>>>();
expectTypeOf(Master.tell(slaves).to('say hello', 'Ann')).toEqualTypeOf<Promise<ResponseArray<string>>>();
expectTypeOf(Master.tell(0).to('say hello')).toEqualTypeOf<Promise<ResponseArray>>();
expectTypeOf(Master.slave('alias')).toEqualTypeOf<SlaveHandle>();
expectTypeOf<Master>().toEqualTypeOf<InstanceType<typeof Master>>();
