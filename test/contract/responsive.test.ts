import { setTimeout as pause } from 'node:timers/promises';
import { expect } from 'chai';
import { SlaveDiedError } from 'dist-io';
import { contract } from './runtimes';

const NO_END = { except: { inline: "an inline slave blocks the tests' own thread" } };

contract('responsive', (suite) => {
  suite.it(
    'responsive - a slave whose thread stays blocked is ended, restarted, and named so',
    async () => {
      const slave = suite.createSlave('restarting.js', { responsive: { within: 1000 }, restart: 'permanent', concurrency: 1 });
      const [blocked, waiting] = await Promise.all([slave.exec('block', 60_000), slave.exec('echo', 'fine')]);
      expect(blocked.error).to.be.an.instanceOf(SlaveDiedError).that.includes({ reason: 'unresponsive', mayHaveExecuted: true });
      expect(blocked.error?.message).to.include('1000 ms');
      expect(waiting.value).to.equal('fine');
      expect(slave.restarts).to.equal(1);
      await slave.exit();
    },
    NO_END,
  );

  suite.it(
    'responsive - a slave that works without blocking its thread is left alone',
    async () => {
      const slave = suite.createSlave('restarting.js', { responsive: { within: 1000 } });
      expect((await slave.exec('sleep', 2000)).ok).to.equal(true);
      await slave.exit();
    },
    NO_END,
  );

  suite.it(
    'responsive - is off by default: a slave that computes is alive',
    async () => {
      const slave = suite.createSlave('restarting.js');
      const response = slave.exec('block', 300);
      await pause(100);
      expect(slave.isAlive).to.equal(true);
      expect((await response).ok).to.equal(true);
      await slave.exit();
    },
    NO_END,
  );

  suite.it(
    'responsive - a master that was blocked itself ends no slave',
    async () => {
      const slave = suite.createSlave('restarting.js', { responsive: { within: 400 } });
      await slave.ready();
      for (let times = 0; times < 3; times++) {
        for (const end = Date.now() + 600; Date.now() < end;);
        await pause(10);
      }
      expect((await slave.exec('echo', 1)).unwrap()).to.equal(1);
      await slave.exit();
    },
    NO_END,
  );
});
