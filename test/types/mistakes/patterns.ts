/** What the patterns must refuse. */
import { Master } from 'dist-io';

type Tasks = {
  'say hello': (name: string) => string;
  now: () => Date;
};

const pool = Master.createWorkpool<Tasks>('group');

// @ts-expect-error no such task
void pool.do('say goodbye');

// @ts-expect-error wrong data
void pool.do('say hello', 5);

const slaves = Master.createSlaves<Tasks>(2, './slave.js');

// @ts-expect-error no such task of these slaves
void Master.createWorkpool(slaves).do('say goodbye');

// @ts-expect-error no such task of these slaves
void Master.tell(slaves).to('say goodbye');

// @ts-expect-error wrong data
void Master.tell(slaves[0]).to('say hello', 5);

// @ts-expect-error no such task of these slaves
void Master.broadcast('say goodbye').to(slaves);

// @ts-expect-error wrong data
void Master.broadcast('say hello', 5).to(...slaves);

// @ts-expect-error no data
void Master.broadcast('say hello').to(slaves[0]);

// @ts-expect-error no such size
Master.createPool({ min: 1, most: 4 }, './slave.js');

// @ts-expect-error no such option
Master.createPool(2, './slave.js', { maxQueues: 5 });

// @ts-expect-error wrong data
void pool.stream('say hello', 5);

// @ts-expect-error wrong items
pool.map([1], 'say hello');

// @ts-expect-error no source
pool.map(5, 'now');

// @ts-expect-error an option of map that does not exist
pool.map(['Ann'], 'say hello', { order: true });

// @ts-expect-error no such option
Master.createWorkpool('group', { maxQueues: 5 });

// @ts-expect-error no selector
Master.createWorkpool({ id: 5 });

// @ts-expect-error a condition that tells nothing
void pool.while(() => 'yes').do('now');

// @ts-expect-error a number of times is a number
Master.createParallel().addTask('now').times('twice');

// @ts-expect-error no such option
void Master.createParallel().execute({ timout: 5 });

// @ts-expect-error wrong data
void Master.createPipeline<string, number>().execute(5);

// @ts-expect-error wrong items
Master.createPipeline<string, number>().map([5]);

// @ts-expect-error wrong items
Master.createScatter<string, number>('length').data(5);

// @ts-expect-error no such option
void Master.createScatter('length').gather('group', { timout: 5 });

// @ts-expect-error the result so far is of the type of the first
void Master.createScatter<string, number>('length').reduce((sum: number, value) => sum + value, 'nothing');

// @ts-expect-error no such event
Master.on('exits', () => undefined);

// @ts-expect-error a view is read only
Master.slaves.idle.length = 5;

// @ts-expect-error only finish and abort
void pool.exit({ pending: 'wait' });
