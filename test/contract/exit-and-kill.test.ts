import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'chai';
import { SlaveExitedError } from 'dist-io';
import { contract } from './runtimes';

contract('ending', (world) => {
  world.it('ending - exit refuses options that do not exist', async () => {
    const slave = world.createSlave('echo.js');
    for (const options of [{ pendng: 'abort' }, { pending: 'drop' }, 'abort', null] as never[]) {
      expect(() => slave.exit(options)).to.throw(TypeError);
    }
    expect(slave.isAlive).to.equal(true);
    await slave.exit();
  });

  world.it('ending - exit lets pending work finish, and refuses new', async () => {
    const slave = world.createSlave('ending.js');
    const pending = Array.from({ length: 5 }, () => slave.exec('a moment'));
    const exit = slave.exit();
    const { error } = await slave.exec('echo');
    expect(error).to.be.an.instanceOf(SlaveExitedError);
    expect(error).to.include({ code: 'SLAVE_EXITED', mayHaveExecuted: false, slave: `slave ${slave.id}` });
    for (const { value } of await Promise.all(pending)) expect(value).to.equal('done');
    expect(await exit).to.deep.equal({ id: slave.id, code: 0, signal: null, forced: false });
    expect(slave.isAlive).to.equal(false);
    expect(slave.isIdle).to.equal(false);
    expect([...world.master.slaves]).not.to.include(slave);
  });

  world.it('ending - exit of a slave that is still loading works', async () => {
    const slave = world.createSlave('ending.js');
    const answer = slave.exec('echo', 1);
    expect(await slave.exit()).to.include({ code: 0, forced: false });
    expect((await answer).value).to.equal(1);
  });

  world.it('ending - timers and servers of a slave do not keep it', async () => {
    const slave = world.createSlave('ending.js');
    await slave.exec('stay');
    expect(await slave.exit()).to.include({ code: 0, forced: false });
  });

  world.it('ending - the slave may put things away', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'ending-'));
    const slave = world.createSlave('ending.js');
    await slave.exec('tell of the end', join(folder, 'told'));
    await slave.exit();
    expect(readFileSync(join(folder, 'told'), 'utf8')).to.equal('ended');
    rmSync(folder, { recursive: true });
  });

  world.it(`ending - exit({ pending: 'abort' }) does not wait`, async () => {
    const slave = world.createSlave('ending.js');
    await slave.ready();
    const pending = [slave.exec('wait'), slave.exec('wait')];
    const exit = slave.exit({ pending: 'abort' });
    for (const { error } of await Promise.all(pending)) {
      expect(error).to.be.an.instanceOf(SlaveExitedError).with.property('mayHaveExecuted', true);
    }
    expect(await exit).to.include({ id: slave.id, forced: false });
    expect(slave.isAlive).to.equal(false);
  });

  world.it(`ending - exit({ pending: 'abort' }) after exit() makes haste`, async () => {
    const slave = world.createSlave('ending.js', { shutdown: 0 });
    const pending = slave.exec('wait');
    await slave.exec('echo');
    const patient = slave.exit();
    const hasty = slave.exit({ pending: 'abort' });
    expect((await pending).error).to.be.an.instanceOf(SlaveExitedError);
    expect(await patient).to.equal(await hasty);
  });

  world.it('ending - kill is at once, and settles what is pending', async () => {
    const slave = world.createSlave('ending.js');
    await slave.ready();
    const pending = Array.from({ length: 50 }, () =>
      slave.exec('wait', undefined, { rejectOnError: true }).catch((error: unknown) => error),
    );
    const report = await slave.kill();
    expect(report).to.include({ id: slave.id, forced: false });
    // A thread has no signals, and ends with a code.
    expect([report.code, report.signal]).to.deep.equal(world.runtime === 'thread' ? [1, null] : [null, 'SIGKILL']);
    for (const error of await Promise.all(pending)) expect(error).to.be.an.instanceOf(SlaveExitedError);
    expect(slave.pending).to.equal(0);
  });

  world.it('ending - kill by a signal that does not end the slave is followed by force', async () => {
    const slave = world.createSlave('ending.js', { shutdown: '50ms' });
    await slave.ready();
    const pending = slave.exec('wait');
    expect(await slave.kill('SIGWINCH')).to.include({ forced: world.runtime === 'process' });
    expect((await pending).error).to.be.an.instanceOf(SlaveExitedError);
  });

  world.it('ending - kill refuses what is no signal, and the slave lives on', async () => {
    const slave = world.createSlave('ending.js');
    for (const signal of ['SIGFOO', 'sigterm', '', 9, 0, null, 'toString'] as never[]) {
      expect(() => slave.kill(signal)).to.throw(TypeError, 'kill takes the name of a signal');
    }
    expect((await slave.exec('echo', 1)).value).to.equal(1);
    await slave.exit();
  });

  world.it('ending - kill before the slave has loaded settles what is pending', async () => {
    const slave = world.createSlave('ending.js');
    const pending = slave.exec('echo');
    const ready = slave.ready().catch((error: unknown) => error);
    await slave.kill();
    expect((await pending).error)
      .to.be.an.instanceOf(SlaveExitedError)
      .with.property('mayHaveExecuted', false);
    expect(await ready).to.be.an.instanceOf(SlaveExitedError);
  });

  world.it('ending - all of it again is harmless, and gives the same report', async () => {
    const slave = world.createSlave('ending.js');
    await slave.ready();
    const reports = [slave.exit(), slave.exit(), slave.exit({ pending: 'abort' }), slave.kill(), slave.kill('SIGTERM')];
    const [first, ...others] = await Promise.all(reports);
    for (const report of [...others, await slave.exit(), await slave.kill()]) expect(report).to.deep.equal(first);
    const { error } = await slave.exec('echo');
    expect(error).to.be.an.instanceOf(SlaveExitedError);
    await slave.ready();
  });

  world.it('ending - a slave that does not end by itself is ended by force', async () => {
    const slave = world.createSlave('ending.js', { shutdown: '50ms' });
    await slave.ready();
    const blocked = slave.exec('block');
    const report = await slave.exit();
    expect(report).to.include({ id: slave.id, forced: true });
    expect((await blocked).error)
      .to.be.an.instanceOf(SlaveExitedError)
      .with.property('mayHaveExecuted', true);
  });

  world.it('ending - a task that never completes is ended by force, too', async () => {
    const slave = world.createSlave('ending.js', { shutdown: '50ms' });
    const pending = slave.exec('wait');
    expect(await slave.exit()).to.include({ forced: true });
    expect((await pending).error).to.be.an.instanceOf(SlaveExitedError);
  });

  world.it('ending - master.exit ends all, and the master can be used on', async () => {
    const slaves = [world.createSlave('ending.js'), world.createSlave('ending.js')];
    const reports = await world.master.exit();
    expect(reports.map(({ id }) => id)).to.deep.equal(slaves.map(({ id }) => id));
    expect(world.master.slaves.length).to.equal(0);
    const next = world.createSlave('ending.js');
    expect(next.id).to.be.greaterThan(slaves[1].id);
    expect((await next.exec('echo', 1)).value).to.equal(1);
    await world.master.kill();
    expect(next.isAlive).to.equal(false);
  });
});
