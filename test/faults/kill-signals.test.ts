import { PassThrough } from 'node:stream';
import { expect } from 'chai';
import { Master, SlaveExitedError, type SlaveOptions } from 'dist-io';
import { fixture } from '../support/fixture';

describe('faults: kill signals', () => {
  const master = new Master();
  after(() => master.kill());

  const create = async (options?: SlaveOptions) => {
    const slave = master.createSlave(fixture('signalled.js'), options);
    await slave.ready();
    return slave;
  };

  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
    it(`kill signals - kill('${signal}') ends an idle slave by the signal`, async () => {
      const slave = await create();
      expect(await slave.kill(signal)).to.deep.equal({ id: slave.id, code: null, signal, forced: false });
    });

    it(`kill signals - kill('${signal}') calls a listener of the slave, which may end it`, async () => {
      const slave = await create();
      await slave.exec('listen', signal);
      expect(await slave.kill(signal)).to.deep.equal({ id: slave.id, code: 7, signal: null, forced: false });
    });

    it(`kill signals - kill('${signal}') calls a listener of the slave once, and force follows after shutdown`, async () => {
      const stdout = new PassThrough();
      const slave = await create({ stdout, shutdown: '500ms' });
      await slave.exec('count', signal);
      expect(await slave.kill(signal)).to.deep.equal({ id: slave.id, code: null, signal: 'SIGKILL', forced: true });
      expect(String(stdout.read())).to.equal('heard\n');
    });
  }

  for (const signal of ['SIGINT', 'SIGTERM'] as const) {
    it(`kill signals - a slave that blocks its thread is ended by force after kill('${signal}')`, async () => {
      const slave = await create({ shutdown: '50ms' });
      const blocked = slave.exec('block');
      expect(await slave.kill(signal)).to.deep.equal({ id: slave.id, code: null, signal: 'SIGKILL', forced: true });
      expect((await blocked).error).to.be.an.instanceOf(SlaveExitedError);
    });

    it(`kill signals - a slave ignores a ${signal} that does not come from its master`, async () => {
      const slave = await create();
      process.kill(slave.pid!, signal);
      expect((await slave.exec('echo', 1)).value).to.equal(1);
      expect(await slave.exit()).to.include({ code: 0, signal: null });
    });
  }
});
