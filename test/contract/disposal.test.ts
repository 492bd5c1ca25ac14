import { expect } from 'chai';
import { Master, type SlaveHandle } from 'dist-io';
import { fixture } from '../support/fixture';
import { contract } from './runtimes';

contract('disposal', (suite) => {
  const file = fixture('echo.js');
  const { runtime } = suite;

  suite.it('await using - ends a slave at the end of the block, after its pending requests', async () => {
    let last: SlaveHandle;
    let pending: Promise<{ value: unknown }>;
    {
      await using slave = suite.master.createSlave(file);
      last = slave;
      pending = slave.exec('echo', 1);
    }
    expect(last.isAlive).to.equal(false);
    expect((await pending).value).to.equal(1);
  });

  suite.it('await using - ends a slave when the block throws, and the error is that of the block', async () => {
    const slaves: SlaveHandle[] = [];
    const use = async (): Promise<void> => {
      await using slave = suite.master.createSlave(file);
      slaves.push(slave);
      throw new Error('from the block');
    };
    const error = await use().catch((error: unknown) => error);
    expect(error).to.be.an.instanceOf(Error).with.property('message', 'from the block');
    expect(slaves.map(({ isAlive }) => isAlive)).to.deep.equal([false]);
  });

  suite.it('await using - ends the slaves of a group, a pool and a master', async () => {
    const all: SlaveHandle[] = [];
    {
      await using master = new Master({ runtime });
      await using slaves = master.createSlaves(2, file);
      await using pool = master.createPool(2, file);
      all.push(...slaves, ...pool.slaves, master.createSlave(file));
      await slaves.ready();
      await pool.do('echo', 1);
    }
    expect(all.map(({ isAlive }) => isAlive)).to.deep.equal(all.map(() => false));
    expect(all).to.have.length(5);
  });

  suite.it('await using - a slave that has ended may be disposed of again', async () => {
    await using slave = suite.master.createSlave(file);
    await slave.kill();
  });
});
