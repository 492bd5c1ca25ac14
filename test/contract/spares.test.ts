import { expect } from 'chai';
import { SlaveDiedError, type SlaveGroup, type SlaveOptions } from 'dist-io';
import { eventually } from '../support/eventually';
import { contract } from './runtimes';

const NO_END = { except: { inline: "an inline slave that ends would end the tests' own process" } };

contract('spares', (suite) => {
  const FILE = require.resolve('../fixtures/restarting.js');

  /** Whether a replacement needs no start: the next process of a slave is already there. */
  const incarnations = async (slaves: SlaveGroup) => (await slaves.exec('incarnation')).values;

  /** A group whose spares have loaded: then a slave that ends is ready in the same tick. */
  const create = async (count: number, options: SlaveOptions): Promise<SlaveGroup> => {
    const slaves = suite.master.createSlaves(count, FILE, { restart: 'permanent', stderr: 'ignore', ...options });
    await slaves.ready();
    await eventually(async () => {
      const wasReady = await endOne(slaves);
      return wasReady;
    });
    return slaves;
  };

  /** Ends the first slave. @returns whether its replacement had loaded by the time that its requests were settled */
  const endOne = async ([slave]: SlaveGroup): Promise<boolean> => {
    const { restarts } = slave;
    let isReady = false;
    slave.once('ready', () => (isReady = true));
    const { error } = await slave.exec('exit', 1);
    expect(error).to.be.an.instanceOf(SlaveDiedError);
    expect(slave.restarts).to.equal(restarts + 1);
    const wasReady = isReady;
    await slave.exec('echo', 1);
    return wasReady;
  };

  suite.it(
    'spares - a slave that ends is replaced at once by a process that knows whose place it has',
    async () => {
      const slaves = await create(2, { spares: 1, alias: 'one', group: 'all', data: { value: 7 }, intensity: 100 });
      expect((await slaves.exec('identity')).values).to.deep.equal([
        { id: slaves[0].id, alias: 'one', group: 'all', data: { value: 7 } },
        { id: slaves[1].id, alias: 'one-1', group: 'all', data: { value: 7 } },
      ]);
      expect(new Set(await incarnations(slaves)).size).to.equal(2);
      await slaves.exit();
    },
    NO_END,
  );

  suite.it(
    'spares - requests that waited are executed by the spare',
    async () => {
      const slaves = await create(1, { spares: 1, concurrency: 1, intensity: 100 });
      const [slave] = slaves;
      const responses = await Promise.all([slave.exec('exit', 1), slave.exec('echo', 1), slave.exec('echo', 2)]);
      expect(responses.map(({ value }) => value)).to.deep.equal([undefined, 1, 2]);
      await slaves.exit();
    },
    NO_END,
  );

  suite.it(
    'spares - more deaths at once than spares: the others are started',
    async () => {
      const slaves = await create(3, { spares: 1, intensity: 100 });
      await Promise.all(slaves.map((slave) => slave.exec('exit', 1)));
      expect((await slaves.exec('echo', 1)).values).to.deep.equal([1, 1, 1]);
      await slaves.exit();
    },
    NO_END,
  );

  suite.it(
    'spares - end with the last slave: kill(), exit(), intensity',
    async () => {
      // That none is left behind, the suite itself checks at its end.
      for (const end of [
        (slaves: SlaveGroup) => slaves.exit(),
        (slaves: SlaveGroup) => slaves.kill(),
        async (slaves: SlaveGroup) => {
          const exited = new Promise((resolve) => slaves[0].once('exit', resolve));
          await slaves[0].exec('exit', 1);
          await exited;
        },
      ]) {
        const slaves = suite.master.createSlaves(1, FILE, { restart: 'permanent', spares: 2, intensity: 0, stderr: 'ignore' });
        await slaves.ready();
        await end(slaves);
        await slaves.exit();
      }
    },
    NO_END,
  );

  suite.it(
    'spares - a pool loses no job and goes on in the same tick',
    async () => {
      const pool = suite.master.createPool(1, FILE, { spares: 1, stderr: 'ignore' });
      for (let i = 0; i < 5; i++) {
        const jobs = [pool.do('echo', i), pool.do('exit', 1), pool.do('echo', i)];
        expect((await Promise.all(jobs)).map(({ value }) => value)).to.deep.equal([i, undefined, i]);
      }
      await pool.exit();
    },
    NO_END,
  );
});
