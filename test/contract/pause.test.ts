import { expect } from 'chai';
import { SlavePausedError } from 'dist-io';
import { contract } from './runtimes';

contract('pause', (world) => {
  world.it('pause - a paused slave refuses until it resumes', async () => {
    const slave = world.createSlave('pausing.js', { alias: 'sleeper' });
    expect((await slave.exec('pause')).value).to.equal(true);
    const { error } = await slave.exec('events');
    expect(error).to.be.an.instanceOf(SlavePausedError);
    expect(error).to.include({ code: 'SLAVE_PAUSED', task: 'events', slave: `slave ${slave.id} (sleeper)` });
    let response = await slave.exec('events');
    while (response.error instanceof SlavePausedError) response = await slave.exec('events');
    expect(response.value).to.deep.equal(['pause', 'resume']);
    await slave.exit();
  });

  world.it('pause - what is running goes on', async () => {
    const slave = world.createSlave('pausing.js');
    const running = slave.exec('finish');
    expect((await slave.exec('pause while running')).value).to.equal(false);
    expect((await running).value).to.equal('finished');
  });

  world.it('pause - exit is obeyed all the same', async () => {
    const slave = world.createSlave('pausing.js');
    await slave.exec('pause for good');
    expect(await slave.exit()).to.deep.equal({ id: slave.id, code: 0, signal: null, forced: false });
  });
});
