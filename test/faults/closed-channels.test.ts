import { expect } from 'chai';
import { Master, SlaveDiedError, SpawnError } from 'dist-io';
import { FD } from '../../src/channel/process-channel-slave';
import { fixture } from '../support/fixture';
import { rejection } from '../support/rejection';

describe('faults: closed channels', () => {
  const master = new Master({ stderr: 'ignore' });
  after(() => master.kill());

  for (const [name, runtime, task, data] of [
    ['a process that closes the socket it writes to', 'process', 'close file descriptor', FD.toMaster],
    ['a process that closes the socket it reads from', 'process', 'close file descriptor', FD.fromMaster],
    ['a process that destroys its sockets', 'process', 'destroy sockets', undefined],
    ['a thread that closes its port', 'thread', 'close port', undefined],
  ] as const) {
    it(`closed channel - ${name} is ended, its calls settle and say why`, async () => {
      const slave = master.createSlave(fixture('closes-channel.js'), { runtime });
      expect((await slave.exec('echo', 'before')).value).to.equal('before');
      for (const { error } of await Promise.all([slave.exec('wait'), slave.exec(task, data)])) {
        expect(error).to.be.an.instanceOf(SlaveDiedError);
        expect(error).to.include({ mayHaveExecuted: true, reason: 'link' });
        expect(error?.message).to.include('It closed its channel to the master but did not exit.');
      }
      expect(slave.isAlive).to.equal(false);
    });
  }

  for (const runtime of ['process', 'thread'] as const) {
    it(`closed channel - a ${runtime} that closes it while it loads does not start, and ready() says why`, async () => {
      const slave = master.createSlave(fixture('closes-channel-on-load.js'), { runtime });
      const error = await rejection(slave.ready());
      expect(error).to.be.an.instanceOf(SpawnError).with.property('message').that.includes('It closed its channel');
    });
  }
});
