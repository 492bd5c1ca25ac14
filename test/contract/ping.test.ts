import { expect } from 'chai';
import { SlaveExitedError, TimeoutError } from 'dist-io';
import { rejection } from '../support/rejection';
import { contract } from './runtimes';

contract('ping', (suite) => {
  suite.it('ping - resolves the round trip, the uptime, the memory and the event loop of the slave', async () => {
    const slave = suite.createSlave('echo.js');
    const { roundTrip, uptime, memory, eventLoop } = await slave.ping();
    expect(eventLoop.delay).to.be.at.least(0);
    expect(eventLoop.utilization).to.be.within(0, 1);
    expect(roundTrip).to.be.greaterThan(0);
    expect(uptime).to.be.at.least(0);
    expect(memory.rss).to.be.greaterThan(1_000_000);
    expect(memory.heapUsed).to.be.greaterThan(0);
  });

  suite.it('ping - is answered by a paused slave', async () => {
    const slave = suite.createSlave('pausing.js');
    await slave.exec('pause for good');
    expect((await slave.ping()).roundTrip).to.be.greaterThan(0);
  });

  suite.it('ping - does not make the slave busy', async () => {
    const slave = suite.createSlave('echo.js');
    const answer = slave.ping();
    expect(slave).to.include({ pending: 0, isIdle: true });
    await answer;
  });

  suite.it(
    'ping - rejects after its timeout and when the slave ends',
    async () => {
      const slave = suite.createSlave('never-loads.mjs');
      expect(await rejection(slave.ping({ timeout: 1 }))).to.be.an.instanceOf(TimeoutError);
      const waiting = rejection(slave.ping());
      await slave.kill();
      expect(await waiting).to.be.an.instanceOf(SlaveExitedError);
      expect(await rejection(slave.ping())).to.be.an.instanceOf(SlaveExitedError);
    },
    { except: { inline: 'a file that never loads holds a timer of this process' } },
  );
});
