import { existsSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'chai';
import type { SlaveHandle, SlaveOptions } from 'dist-io';
import { temporaryFolder } from '../support/temporary-folder';
import { contract } from './runtimes';

contract('recycling', (suite) => {
  const folder = temporaryFolder();
  const incarnation = async (slave: SlaveHandle) => (await slave.exec('incarnation')).unwrap();
  const restarted = (slave: SlaveHandle) => new Promise((resolve) => slave.once('restart', resolve));
  const create = (options: SlaveOptions) => suite.createSlave('restarting.js', { stderr: 'ignore', ...options });

  suite.it('maxTasks - the process is replaced after that many tasks; no call fails, and the handle stays', async () => {
    const slave = create({ maxTasks: 10 });
    const errors: Error[] = [];
    slave.on('error', (error) => errors.push(error));
    const reports: unknown[] = [];
    slave.on('restart', (report) => reports.push(report));
    for (let i = 0; i < 35; i++) {
      expect((await slave.exec('echo', i)).value).to.equal(i);
      if (i % 10 === 9 && slave.restarts === Math.floor(i / 10)) await restarted(slave);
    }
    expect(slave.restarts).to.be.within(3, 4);
    expect(errors).to.deep.equal([]);
    expect(reports[0]).to.deep.equal({ restarts: 1, error: null });
    await slave.exit();
  });

  suite.it('recycling - running tasks finish in the old process, what waits goes to the new one', async () => {
    const slave = create({ maxTasks: 1, concurrency: 2 });
    await slave.ready();
    const replaced = restarted(slave);
    const done = join(folder, `${suite.runtime} done`);
    const running = slave.exec('wait for file', done);
    const old = await incarnation(slave);
    await replaced;
    expect(slave.pending).to.equal(1);
    if (suite.runtime !== 'inline') expect(await incarnation(slave)).not.to.equal(old);
    writeFileSync(done, '');
    expect((await running).ok).to.equal(true);
    await slave.exit();
  });

  suite.it(
    'recycling - a replacement that does not load leaves the old process in place, and is tried again',
    async () => {
      const failsUnless = join(folder, suite.runtime);
      writeFileSync(failsUnless, '');
      const slave = create({ maxTasks: 1, data: { failsUnless }, backoff: { initialInterval: 10 } });
      await slave.ready();
      rmSync(failsUnless);
      const failed = new Promise((resolve) => slave.once('error', resolve));
      const old = await incarnation(slave);
      await failed;
      expect(await incarnation(slave)).to.equal(old);
      const replaced = restarted(slave);
      writeFileSync(failsUnless, '');
      await replaced;
      expect(await incarnation(slave)).not.to.equal(old);
      expect(existsSync(failsUnless)).to.equal(true);
      await slave.exit();
    },
    { except: { inline: 'a file that was loaded once is not loaded again by the same program' } },
  );

  suite.it('maxAge - the process is replaced when it is that old', async () => {
    const slave = create({ maxAge: 50 });
    await restarted(slave);
    expect((await slave.exec('echo', 1)).value).to.equal(1);
    await slave.exit();
  });

  suite.it(
    'maxMemory - the process is replaced when it takes more',
    async () => {
      const slave = create({ maxMemory: '150mb' });
      const before = await incarnation(slave);
      const replaced = restarted(slave);
      await slave.exec('allocate', 2 ** 28);
      await replaced;
      expect(await incarnation(slave)).not.to.equal(before);
      await slave.exit();
    },
    { except: { inline: 'an inline slave shares its memory with the master' } },
  );

  suite.it('recycling - all slaves of a pool at once: every job is done', async () => {
    const pool = suite.master.createPool(3, require.resolve('../fixtures/restarting.js'), { maxTasks: 5 });
    const jobs = Array.from({ length: 300 }, (_, i) => pool.do('echo', i));
    expect((await Promise.all(jobs)).map(({ value }) => value)).to.deep.equal(Array.from({ length: 300 }, (_, i) => i));
    while (pool.health.restarts < 3) await pool.do('echo', 1);
    await pool.exit();
  });

  suite.it('exit() - while a replacement loads ends both', async () => {
    const slave = create({ maxTasks: 1 });
    await slave.exec('echo', 1);
    expect(await slave.exit()).to.include({ forced: false });
  });
});
