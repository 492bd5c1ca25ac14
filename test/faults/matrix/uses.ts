import type { Master, Response, SlaveHandle } from 'dist-io';

/** The outcome of one request: its value, or its error. */
export type Outcome = { readonly value: unknown } | { readonly error: Error };

/** One way to let a slave do something. */
export interface Use {
  readonly name: string;
  /** A stream has tasks of its own. */
  readonly isStream?: boolean;
  /** @param task `'plain'`, `'fault'`, or another task of test/fixtures/faulty.js */
  readonly run: (master: Master, slave: SlaveHandle, task: string) => Promise<Outcome>;
}

/** What the tasks return. */
export const DATA = 'the data';

const outcomeOf = ({ value, error }: Response): Outcome => (error === null ? { value } : { error });
const settled = (promise: Promise<unknown>): Promise<Outcome> =>
  promise.then(
    (value) => ({ value }),
    (error: unknown) => ({ error: error as Error }),
  );

async function* input(): AsyncGenerator<string> {
  yield await Promise.resolve('the first');
  yield DATA;
}

async function read(items: AsyncIterable<unknown>): Promise<unknown> {
  let last: unknown;
  for await (last of items);
  return last;
}

export const USES: readonly Use[] = [
  { name: 'exec', run: async (_master, slave, task) => outcomeOf(await slave.exec(task, DATA)) },
  { name: 'broadcast', run: async (master, slave, task) => outcomeOf((await master.broadcast(task, DATA).to(slave))[0]) },
  { name: 'client', run: (_master, slave, task) => settled(slave.as<Record<string, (data: string) => string>>()[task](DATA)) },
  {
    name: 'parallel',
    run: async (master, slave, task) => {
      const parallel = master.createParallel();
      parallel.addTask(task, DATA).for(slave);
      return outcomeOf((await parallel.execute())[0]);
    },
  },
  {
    name: 'pipeline',
    run: async (master, slave, task) => {
      const pipeline = master.createPipeline();
      pipeline.addTask(task).for(slave);
      return outcomeOf(await pipeline.execute(DATA));
    },
  },
  { name: 'pool', run: async (master, slave, task) => outcomeOf(await master.createWorkpool(slave).do(task, DATA)) },
  {
    name: 'scatter',
    run: async (master, slave, task) => outcomeOf((await master.createScatter(task).data(DATA).gather(slave))[0]),
  },
  {
    name: 'stream in',
    isStream: true,
    run: async (_master, slave, task) => outcomeOf(await slave.exec(task === 'plain' ? 'plain input' : 'fault in input', input())),
  },
  {
    name: 'stream out',
    isStream: true,
    run: (_master, slave, task) => settled(read(slave.stream(task === 'plain' ? 'plain stream' : 'fault in a stream', DATA))),
  },
];
