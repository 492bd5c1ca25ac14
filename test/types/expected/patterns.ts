/** The patterns and the selectors carry the types of what goes in and comes out. */
import { Master, type ResponseArray, type Response, type SlaveHandle, type SlaveView, type Workpool, type ExitReport } from 'dist-io';
import { expectTypeOf } from 'expect-type';

type Tasks = {
  'say hello': (name: string) => string;
  length: (text: string) => Promise<number>;
  now: () => Date;
};

interface Greeter {
  greet(name: string): string;
}

const slaves = Master.createSlaves<Tasks>(2, './slave.js');
const [slave] = slaves;

export async function selecting(): Promise<void> {
  expectTypeOf(Master.slaves.idle).toEqualTypeOf<SlaveView>();
  expectTypeOf(Master.slaves.inGroup('g')).toEqualTypeOf<SlaveView>();
  expectTypeOf([...Master.slaves.busy]).toEqualTypeOf<SlaveHandle[]>();
  expectTypeOf(Master.slaves.leastBusy(slaves, 'alias', [0, [slave]], Master.slaves.idle)).toEqualTypeOf<SlaveHandle | undefined>();
  expectTypeOf(await Master.tell(slave).to('now')).toEqualTypeOf<Response<Date>>();
  expectTypeOf(await Master.tell(slaves).to('length', 'text')).toEqualTypeOf<ResponseArray<number>>();
  expectTypeOf(await Master.tell([slave]).to('now')).toEqualTypeOf<ResponseArray<Date>>();
  expectTypeOf(await Master.tell(...slaves, slave).to('now')).toEqualTypeOf<ResponseArray<Date>>();
  expectTypeOf(await Master.tell(Master.slaves.idle).to('anything', 1)).toEqualTypeOf<ResponseArray>();
  expectTypeOf(await Master.tell('alias').to('anything', 1, { timeout: 5 })).toEqualTypeOf<ResponseArray>();
  expectTypeOf(await Master.broadcast('length', 'text').to(...slaves)).toEqualTypeOf<ResponseArray<number>>();
  expectTypeOf(await Master.broadcast('length', 'text').to(slaves, [slave])).toEqualTypeOf<ResponseArray<number>>();
  expectTypeOf(await Master.broadcast('now').to(slave)).toEqualTypeOf<ResponseArray<Date>>();
  expectTypeOf(await Master.broadcast('anything', 1).to('group', 3, Master.slaves)).toEqualTypeOf<ResponseArray>();
  expectTypeOf(await Master.tell('group', slave).to('now')).toEqualTypeOf<ResponseArray>();
  expectTypeOf(await Master.broadcast('now').to(...slaves, 1, ['a', new Set([2])])).toEqualTypeOf<ResponseArray>();
  const response = await slave.exec('length', 'text');
  expectTypeOf(await response.pipe('now').to(slaves)).toEqualTypeOf<ResponseArray>();
  expectTypeOf(await response.pipe('now').to(slave)).toEqualTypeOf<Response>();
  Master.on('response', (one, response) => {
    expectTypeOf(one).toEqualTypeOf<SlaveHandle>();
    expectTypeOf(response).toEqualTypeOf<Response>();
  });
  expectTypeOf(await Master.exit({ pending: 'abort' })).toEqualTypeOf<ExitReport[]>();
}

export async function patterns(): Promise<void> {
  const numbers = await Master.createParallel<number>()
    .addTask('length', 'a')
    .for(slaves)
    .times(2)
    .addTask('length')
    .execute({ timeout: '5s' });
  expectTypeOf(numbers).toEqualTypeOf<ResponseArray<number>>();
  expectTypeOf(numbers.values).toEqualTypeOf<number[]>();
  expectTypeOf(await Master.createParallel().addTask('length').execute()).toEqualTypeOf<ResponseArray>();

  const pipeline = Master.createPipeline<string, Date>()
    .addTask('length')
    .for(slave)
    .intercept<number>(({ value }, end) => {
      expectTypeOf(value).toEqualTypeOf<number>();
      if (value === 0) end(new Date());
    })
    .addTask('now');
  expectTypeOf(await pipeline.execute('text')).toEqualTypeOf<Response<Date>>();
  for await (const value of pipeline.map(['a'], { highWaterMark: 2 })) expectTypeOf(value).toEqualTypeOf<Date>();

  const scatter = Master.createScatter<string, number>('length', { chunkSize: 2 }).data('a', 'b');
  expectTypeOf(await scatter.gather(slaves, { timeout: 5 })).toEqualTypeOf<ResponseArray<number>>();
  expectTypeOf(
    await scatter.reduce(
      (sum: bigint, value, i) => {
        expectTypeOf(value).toEqualTypeOf<number>();
        expectTypeOf(i).toEqualTypeOf<number>();
        return sum;
      },
      0n,
      slaves,
    ),
  ).toEqualTypeOf<bigint>();

  const pool = Master.createWorkpool<Tasks>(...slaves, { maxQueue: 5 });
  expectTypeOf(pool).toEqualTypeOf<Workpool<Tasks>>();
  expectTypeOf(await pool.do('length', 'text')).toEqualTypeOf<Response<number>>();
  expectTypeOf(await pool.while((i, responses) => i < responses.length).do('say hello', 'Ann')).toEqualTypeOf<ResponseArray<string>>();
  for await (const value of pool.map(['Ann'], 'say hello', { ordered: false })) expectTypeOf(value).toEqualTypeOf<string>();
  expectTypeOf(Master.createWorkpool(slaves)).toEqualTypeOf<Workpool<Tasks>>();
  expectTypeOf(Master.createWorkpool(...slaves)).toEqualTypeOf<Workpool<Tasks>>();
  expectTypeOf(Master.createWorkpool(slave, slaves, { maxQueue: 5 })).toEqualTypeOf<Workpool<Tasks>>();
  expectTypeOf(Master.createWorkpool('group', slave)).toEqualTypeOf<Workpool>();
  expectTypeOf(Master.createWorkpool()).toEqualTypeOf<Workpool>();
  expectTypeOf(await Master.createWorkpool(Master.slaves.idle).do('anything', 1)).toEqualTypeOf<Response>();
  expectTypeOf(Master.createPool<Tasks>(2, './slave.js', { maxQueue: 5, runtime: 'thread' })).toEqualTypeOf<Workpool<Tasks>>();
  expectTypeOf(Master.createPool(new URL('file:///slave.js'))).toEqualTypeOf<Workpool>();
  expectTypeOf(await pool.as<Greeter>().greet('Ann')).toEqualTypeOf<string>();
  for await (const item of pool.stream('now')) expectTypeOf(item).toEqualTypeOf<Date>();
  expectTypeOf(await pool.exit()).toEqualTypeOf<ExitReport[]>();
}
