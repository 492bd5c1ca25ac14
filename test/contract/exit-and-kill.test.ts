import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'chai';
import { SlaveExitedError } from 'dist-io';
import { rejection } from '../support/rejection';
import { temporaryFolder } from '../support/temporary-folder';
import { contract } from './runtimes';

contract('exit and kill', (suite) => {
  const folder = temporaryFolder();

  suite.it('exit - rejects unknown options', async () => {
    const slave = suite.createSlave('echo.js');
    for (const options of [{ pendng: 'abort' }, { pending: 'drop' }, 'abort', null] as never[]) {
      expect(() => slave.exit(options)).to.throw(TypeError);
    }
    expect(slave.isAlive).to.equal(true);
    await slave.exit();
  });

  suite.it('exit - lets pending requests finish and refuses new ones', async () => {
    const slave = suite.createSlave('ending.js');
    const pending = Array.from({ length: 5 }, () => slave.exec('a moment'));
    const exit = slave.exit();
    const { error } = await slave.exec('echo');
    expect(error).to.be.an.instanceOf(SlaveExitedError);
    expect(error).to.include({ code: 'SLAVE_EXITED', mayHaveExecuted: false, slave: `slave ${slave.id}` });
    for (const { value } of await Promise.all(pending)) expect(value).to.equal('done');
    expect(await exit).to.deep.equal({ id: slave.id, code: 0, signal: null, forced: false });
    expect(slave.isAlive).to.equal(false);
    expect(slave.isIdle).to.equal(false);
    expect([...suite.master.slaves]).not.to.include(slave);
  });

  suite.it('exit - ends a slave that is still loading after its pending requests', async () => {
    const slave = suite.createSlave('ending.js');
    const answer = slave.exec('echo', 1);
    expect(await slave.exit()).to.include({ code: 0, forced: false });
    expect((await answer).value).to.equal(1);
  });

  suite.it(
    'exit - timers and servers of the slave do not delay it',
    async () => {
      const slave = suite.createSlave('ending.js');
      await slave.exec('stay');
      expect(await slave.exit()).to.include({ code: 0, forced: false });
    },
    { except: { inline: 'they belong to this process' } },
  );

  suite.it('exit - the slave gets its exit event before it ends', async () => {
    const slave = suite.createSlave('ending.js');
    await slave.exec('tell of the end', join(folder, 'told'));
    await slave.exit();
    expect(readFileSync(join(folder, 'told'), 'utf8')).to.equal('ended');
  });

  suite.it(`exit({ pending: 'abort' }) - does not wait for pending requests`, async () => {
    const slave = suite.createSlave('ending.js');
    await slave.ready();
    const pending = [slave.exec('wait'), slave.exec('wait')];
    const exit = slave.exit({ pending: 'abort' });
    for (const { error } of await Promise.all(pending)) {
      expect(error).to.be.an.instanceOf(SlaveExitedError).with.property('mayHaveExecuted', true);
    }
    expect(await exit).to.include({ id: slave.id, forced: false });
    expect(slave.isAlive).to.equal(false);
  });

  suite.it(`exit({ pending: 'abort' }) - cuts a pending exit() short`, async () => {
    const slave = suite.createSlave('ending.js', { shutdown: 0 });
    const pending = slave.exec('wait');
    await slave.exec('echo');
    const patient = slave.exit();
    const hasty = slave.exit({ pending: 'abort' });
    expect((await pending).error).to.be.an.instanceOf(SlaveExitedError);
    expect(await patient).to.equal(await hasty);
  });

  suite.it('kill - ends the slave at once and settles its pending requests', async () => {
    const slave = suite.createSlave('ending.js');
    await slave.ready();
    const pending = Array.from({ length: 50 }, () => rejection(slave.exec('wait', undefined, { rejectOnError: true })));
    const report = await slave.kill();
    expect(report).to.include({ id: slave.id, forced: false });
    // A thread has no signals, and ends with a code.
    expect([report.code, report.signal]).to.deep.equal(suite.runtime === 'thread' ? [1, null] : [null, 'SIGKILL']);
    for (const error of await Promise.all(pending)) expect(error).to.be.an.instanceOf(SlaveExitedError);
    expect(slave.pending).to.equal(0);
  });

  suite.it('kill - a signal that does not end the slave is followed by SIGKILL after shutdown', async () => {
    // Any signal ends a thread, which may take a moment.
    const slave = suite.createSlave('ending.js', { shutdown: suite.runtime === 'process' ? '50ms' : '5s' });
    await slave.ready();
    const pending = slave.exec('wait');
    expect(await slave.kill('SIGWINCH')).to.include({ forced: suite.runtime === 'process' });
    expect((await pending).error).to.be.an.instanceOf(SlaveExitedError);
  });

  suite.it('kill - an unknown signal throws a TypeError and leaves the slave alive', async () => {
    const slave = suite.createSlave('ending.js');
    for (const signal of ['SIGFOO', 'sigterm', '', 9, 0, null, 'toString'] as never[]) {
      expect(() => slave.kill(signal)).to.throw(TypeError, 'kill takes the name of a signal');
    }
    expect((await slave.exec('echo', 1)).value).to.equal(1);
    await slave.exit();
  });

  suite.it('kill - settles pending requests of a slave that is still loading', async () => {
    const slave = suite.createSlave('ending.js');
    const pending = slave.exec('echo');
    const ready = rejection(slave.ready());
    await slave.kill();
    expect((await pending).error)
      .to.be.an.instanceOf(SlaveExitedError)
      .with.property('mayHaveExecuted', false);
    expect(await ready).to.be.an.instanceOf(SlaveExitedError);
  });

  suite.it('exit, kill - repeated calls resolve the same report', async () => {
    const slave = suite.createSlave('ending.js');
    await slave.ready();
    const reports = [slave.exit(), slave.exit(), slave.exit({ pending: 'abort' }), slave.kill(), slave.kill('SIGTERM')];
    const [first, ...others] = await Promise.all(reports);
    for (const report of [...others, await slave.exit(), await slave.kill()]) expect(report).to.deep.equal(first);
    const { error } = await slave.exec('echo');
    expect(error).to.be.an.instanceOf(SlaveExitedError);
    await slave.ready();
  });

  suite.it(
    'exit - forces a slave with a blocked thread after shutdown',
    async () => {
      const slave = suite.createSlave('ending.js', { shutdown: '50ms' });
      await slave.ready();
      const blocked = slave.exec('block');
      const report = await slave.exit();
      expect(report).to.include({ id: slave.id, forced: true });
      expect((await blocked).error)
        .to.be.an.instanceOf(SlaveExitedError)
        .with.property('mayHaveExecuted', true);
    },
    { except: { inline: 'an endless loop would block this thread' } },
  );

  suite.it('exit - forces a slave whose task never completes after shutdown', async () => {
    const slave = suite.createSlave('ending.js', { shutdown: '50ms' });
    const pending = slave.exec('wait');
    expect(await slave.exit()).to.include({ forced: true });
    expect((await pending).error).to.be.an.instanceOf(SlaveExitedError);
  });

  suite.it('master.exit - ends all slaves, and new ones may be created', async () => {
    const slaves = [suite.createSlave('ending.js'), suite.createSlave('ending.js')];
    const reports = await suite.master.exit();
    expect(reports.map(({ id }) => id)).to.deep.equal(slaves.map(({ id }) => id));
    expect(suite.master.slaves.length).to.equal(0);
    const next = suite.createSlave('ending.js');
    expect(next.id).to.be.greaterThan(slaves[1].id);
    expect((await next.exec('echo', 1)).value).to.equal(1);
    await suite.master.kill();
    expect(next.isAlive).to.equal(false);
  });
});
