import { expect } from 'chai';
import { AbortError, SlaveExitedError, type SlaveHandle, TimeoutError } from 'dist-io';
import { eventually } from '../support/eventually';
import { contract } from './runtimes';

contract("cancel: 'kill'", (suite) => {
  const ended = (slave: SlaveHandle) => new Promise((resolve) => slave.once('exit', resolve));

  const started = async (options = {}) => {
    const slave = suite.createSlave('kill.js', options);
    await slave.ready();
    return slave;
  };

  suite.it(
    "cancel: 'kill' - a call to an endless loop fails at once, and its slave is killed after the grace period",
    async () => {
      for (const how of ['timeout', 'abort'] as const) {
        const slave = await started();
        const controller = new AbortController();
        const end = ended(slave);
        let isOver = false;
        void end.then(() => (isOver = true));
        const limits = how === 'timeout' ? { timeout: 20 } : { signal: controller.signal };
        const answer = slave.exec('busy', 1, { ...limits, cancel: 'kill', grace: 50 });
        if (how === 'abort') setTimeout(() => controller.abort('enough'), 20);
        const { error } = await answer;
        expect(isOver, 'the answer comes before the end').to.equal(false);
        expect(error).to.be.an.instanceOf(how === 'timeout' ? TimeoutError : AbortError);
        expect(slave.isAlive).to.equal(true);
        expect(slave.running).to.equal(1);
        await end;
        expect(slave).to.include({ isAlive: false, running: 0 });
      }
    },
    { except: { inline: 'an endless loop would block this thread' } },
  );

  suite.it(
    "cancel: 'kill' - leaving an endless generator kills its slave",
    async () => {
      const slave = await started();
      const end = ended(slave);
      // A generator that has not come to its loop yet would stop, as it was asked to.
      const busy = new Promise((resolve) => slave.once('progress', resolve));
      const stream = slave.stream('busy generator', 1, { cancel: 'kill', grace: 0 });
      await stream.next();
      await busy;
      await stream.return();
      await end;
    },
    { except: { inline: 'an endless loop would block this thread' } },
  );

  suite.it("cancel: 'kill' - other requests of the slave fail with the reason and mayHaveExecuted", async () => {
    const slave = await started({ concurrency: 2 });
    const end = ended(slave);
    const deaf = slave.exec('deaf', 1, { timeout: 20, cancel: 'kill', grace: '10ms' });
    const sent = slave.exec('deaf', 2);
    const waiting = slave.exec('echo', 3);
    expect((await deaf).error).to.be.an.instanceOf(TimeoutError);
    for (const [answer, mayHaveExecuted] of [
      [sent, true],
      [waiting, false],
    ] as const) {
      const { error } = await answer;
      expect(error).to.be.an.instanceOf(SlaveExitedError).that.includes({ mayHaveExecuted });
      expect(error).to.have.property('reason').that.includes("'deaf'");
      expect(error).to.have.property('message').that.includes("'deaf'");
    }
    await end;
    const refused = (await slave.exec('echo')).error;
    expect(refused).to.be.an.instanceOf(SlaveExitedError).that.includes({ mayHaveExecuted: false });
    expect(refused).to.have.property('reason').that.includes("'deaf'");
  });

  suite.it("cancel: 'kill' - a task that stops within its grace period keeps its slave alive", async () => {
    const slave = await started();
    const metadata = { timeout: 20, cancel: 'kill', grace: '1m' } as const;
    expect((await slave.exec('obedient', 1, metadata)).error).to.be.an.instanceOf(TimeoutError);
    await eventually(() => slave.running === 0);
    expect(slave.lateAnswers).to.equal(1);
    // A timer of a minute that was left would be found by the hook after this file.
    expect((await slave.exec('echo', 'alive')).value).to.equal('alive');
    await slave.exit();
  });

  suite.it("cancel: 'kill' - the grace timer ends with its slave", async () => {
    const slave = await started();
    await slave.exec('deaf', 1, { timeout: 20, cancel: 'kill', grace: '1h' });
    expect((await slave.exit({ pending: 'abort' })).forced).to.equal(false);
  });

  suite.it("cancel: 'kill' - a request that was not sent yet kills no slave", async () => {
    const slave = await started({ concurrency: 1 });
    const held = slave.exec('obedient', 1, { timeout: 200 });
    const waiting = slave.exec('deaf', 1, { timeout: 20, cancel: 'kill', grace: 0 });
    expect((await waiting).error).to.be.an.instanceOf(TimeoutError);
    await held;
    expect((await slave.exec('echo', 1)).value).to.equal(1);
    await slave.exit();
  });

  suite.it("cancel: 'signal' - is the default and leaves a task that ignores its signal running", async () => {
    const slave = await started();
    await slave.exec('deaf', 1, { timeout: 20, grace: 0 });
    expect((await slave.exec('echo', 1)).value).to.equal(1);
    expect(slave).to.include({ pending: 0, running: 1 });
    await slave.exit({ pending: 'abort' });
  });

  suite.it('cancel, grace - wrong values throw a TypeError', async () => {
    const slave = await started();
    for (const cancel of ['Kill', true, null] as never[]) expect(() => slave.exec('echo', 1, { cancel })).to.throw(TypeError, 'cancel');
    expect(() => slave.exec('echo', 1, { grace: 'soon' })).to.throw(TypeError, 'grace');
    await slave.exit();
  });
});
