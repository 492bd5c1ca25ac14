import { expect } from 'chai';
import { SlaveExitedError, TimeoutError } from 'dist-io';
import { contract } from './runtimes';

contract('ping', (world) => {
  world.it('ping - tells the round trip, the uptime and the memory', async () => {
    const slave = world.createSlave('echo.js');
    const { roundTrip, uptime, memory } = await slave.ping();
    expect(roundTrip).to.be.greaterThan(0);
    expect(uptime).to.be.at.least(0);
    expect(memory.rss).to.be.greaterThan(1_000_000);
    expect(memory.heapUsed).to.be.greaterThan(0);
  });

  world.it('ping - is answered by a paused slave', async () => {
    const slave = world.createSlave('pausing.js');
    await slave.exec('pause for good');
    expect((await slave.ping()).roundTrip).to.be.greaterThan(0);
  });

  world.it('ping - does not make the slave busy', async () => {
    const slave = world.createSlave('echo.js');
    const answer = slave.ping();
    expect([slave.pending, slave.isIdle]).to.deep.equal([0, true]);
    await answer;
  });

  world.it('ping - rejects when no answer comes in time, or the slave ends', async () => {
    const slave = world.createSlave('never-loads.mjs');
    expect(await slave.ping({ timeout: 1 }).catch((error: unknown) => error)).to.be.an.instanceOf(TimeoutError);
    const waiting = slave.ping().catch((error: unknown) => error);
    await slave.kill();
    expect(await waiting).to.be.an.instanceOf(SlaveExitedError);
    expect(await slave.ping().catch((error: unknown) => error)).to.be.an.instanceOf(SlaveExitedError);
  });
});
