import { expect } from 'chai';
import { Master, type SlaveHandle, type SlaveOptions } from 'dist-io';
import { fixture } from '../support/fixture';
import { contract } from './runtimes';

contract('exit order', (suite) => {
  /** Three slaves of which the last takes longest to end, and the numbers of those that have ended, in the order of their ends. */
  const create = async (options: SlaveOptions) => {
    const master = new Master({ runtime: suite.runtime });
    const slaves = master.createSlaves(3, fixture('ending.js'), options);
    await slaves.ready();
    const ended: number[] = [];
    master.on('exit', (slave) => ended.push(slave.id));
    return { master, slaves, ended, pending: slaves[2].exec('a moment') };
  };

  const endings: Record<string, (master: Master, slaves: SlaveHandle[] & { exit(): Promise<unknown> }) => Promise<unknown>> = {
    'a group': (_, slaves) => slaves.exit(),
    'a master': (master) => master.exit(),
    'a selection in another order': (master) => master.exit(1, 2, 0),
  };

  for (const [what, exit] of Object.entries(endings)) {
    suite.it(`rest_for_one - the exit of ${what} ends each slave once those created after it have ended`, async () => {
      const { master, slaves, ended, pending } = await create({ strategy: 'rest_for_one' });
      const exited = exit(master, slaves);
      expect(slaves.map(({ isIdle }) => isIdle)).to.deep.equal([false, false, false]);
      await exited;
      expect(ended).to.deep.equal([2, 1, 0]);
      expect((await pending).value).to.equal('done');
    });
  }

  suite.it('rest_for_one - a slave that ends alone waits for no other', async () => {
    const { slaves, ended } = await create({ strategy: 'rest_for_one' });
    await slaves[0].exit();
    expect(ended).to.deep.equal([0]);
    await slaves.exit();
  });

  suite.it(`rest_for_one - kill ends all at once, also while an exit goes on`, async () => {
    const { slaves } = await create({ strategy: 'rest_for_one', shutdown: 'infinity' });
    void slaves[2].exec('wait');
    const exited = slaves.exit();
    await slaves.kill();
    await exited;
  });

  suite.it('one_for_one - no slave waits for the end of another', async () => {
    const { slaves, ended, pending } = await create({ shutdown: 'infinity' });
    const waits = slaves[2].exec('wait');
    const exited = Promise.all([slaves[0].exit(), slaves.exit()]);
    await slaves[1].exit();
    expect(ended).not.to.include(2);
    await pending;
    await slaves[2].kill();
    await Promise.all([exited, waits]);
  });
});
