import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'chai';
import { Master, SlaveDiedError, SpawnError, TimeoutError } from 'dist-io';
import { fixture } from '../support/fixture';
import { rejection } from '../support/rejection';
import { contract } from './runtimes';

contract('startTimeout', (suite) => {
  const isInline = suite.runtime === 'inline';
  const BUSY = {
    except: { inline: 'a slave cannot load while its own thread is busy', remote: 'a master that is busy cannot ask a host' },
  };
  const files = isInline ? ['loads-for-ever.mjs'] : ['never-loads.mjs', 'loops-on-load.js'];

  for (const file of files) {
    suite.it(`startTimeout - ${file}, which never finishes loading, is a SpawnError that says so`, async () => {
      const slave = suite.createSlave(file, { startTimeout: 300, shutdown: '1m' });
      const errors: unknown[] = [];
      slave.on('error', (error) => errors.push(error));
      const exited = new Promise((resolve) => slave.once('exit', resolve));
      const [{ error }, rejected] = await Promise.all([slave.exec('echo'), rejection(slave.ready())]);
      for (const failure of [error, rejected]) {
        expect(failure).to.be.an.instanceOf(SpawnError).with.property('path', slave.path);
        expect((failure as SpawnError).message).to.contain('it had not finished loading within its startTimeout of 300 ms');
      }
      await exited;
      expect(slave.isAlive).to.equal(false);
      expect(errors).to.have.length(1);
      expect((await slave.exec('echo')).error).to.be.an.instanceOf(SpawnError);
      expect(await slave.exit()).to.include({ forced: false });
    });
  }

  suite.it('startTimeout - is an option of the master too, and its default is 30 s', async () => {
    const master = new Master({ runtime: suite.runtime, startTimeout: 1 });
    expect(master.getOptions().startTimeout).to.equal(1);
    expect(new Master().getOptions().startTimeout).to.equal(30_000);
    expect(new Master({ startTimeout: 0 }).getOptions().startTimeout).to.equal(Infinity);
    expect(await rejection(master.createSlave(fixture(files[0])).ready())).to.be.an.instanceOf(SpawnError);
    await master.exit();
  });

  suite.it('startTimeout - ends no slave that has loaded in time', async () => {
    const slave = suite.createSlave('loads-late.mjs', { startTimeout: '1m' });
    expect((await slave.exec('echo', 1)).value).to.equal(1);
    expect(await slave.exit()).to.include({ code: 0 });
  });

  suite.it(
    'startTimeout - a master that was busy reads first what has arrived meanwhile',
    async () => {
      const folder = mkdtempSync(join(tmpdir(), 'start-timeout-'));
      const mark = join(folder, 'loaded');
      const slave = suite.createSlave('marks-when-loaded.js', { startTimeout: 1, env: { MARK: mark } });
      while (!existsSync(mark));
      await slave.ready();
      expect((await slave.exec('echo', 1)).value).to.equal(1);
      rmSync(folder, { recursive: true });
    },
    BUSY,
  );

  suite.it(
    'startTimeout - a request with which the slave has begun before it is ended may have been executed',
    async () => {
      const folder = mkdtempSync(join(tmpdir(), 'start-timeout-'));
      const mark = join(folder, 'begun');
      // This timer and that of startTimeout are due at the same time, so this immediate keeps the master busy just before the slave is ended.
      setTimeout(() => {
        setImmediate(() => {
          while (!existsSync(mark));
        });
      }, 1);
      const slave = suite.createSlave('marks-when-run.js', { startTimeout: 1 });
      const request = slave.exec('mark', mark);
      const start = performance.now();
      while (performance.now() < start + 5);
      const [{ error }, failure] = await Promise.all([request, rejection(slave.ready())]);
      expect(failure).to.be.an.instanceOf(SpawnError);
      expect(error).to.be.an.instanceOf(SlaveDiedError).with.property('mayHaveExecuted', true);
      expect((error as Error).message).to.contain('startTimeout of 1 ms');
      expect((await slave.exec('mark', mark)).error).to.be.an.instanceOf(SpawnError);
      rmSync(folder, { recursive: true });
    },
    BUSY,
  );

  suite.it('startTimeout - a TimeoutError tells whether the slave has loaded, and whether the request was sent', async () => {
    const loading = suite.createSlave(files[0]);
    const timeouts = [
      loading.exec('echo', 1, { timeout: 20 }).then(({ error }) => error),
      rejection(loading.as<{ echo(data: number): number }>().echo(1, { timeout: 20 })),
    ];
    for (const error of await Promise.all(timeouts)) {
      expect(error).to.be.an.instanceOf(TimeoutError).with.property('phase', 'loading');
      expect((error as Error).message)
        .to.contain('has not finished loading')
        .and.not.contain('done');
    }
    await loading.kill();

    const busy = suite.createSlave('cancellable.js', { concurrency: 1 });
    await busy.ready();
    const [running, queued] = await Promise.all([busy.exec('deaf', 1, { timeout: 20 }), busy.exec('deaf', 2, { timeout: 20 })]);
    expect(running.error).to.be.an.instanceOf(TimeoutError).with.property('phase', 'running');
    expect(queued.error).to.be.an.instanceOf(TimeoutError).with.property('phase', 'queued');
    await busy.kill();
  });
});
