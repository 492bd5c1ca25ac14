import { basename } from 'node:path';
import { expect } from 'chai';
import { type SlaveHandle, UnknownTaskError } from 'dist-io';
import { collect } from '../support/collect';
import { rejection } from '../support/rejection';
import { contract } from './runtimes';

const HERE = basename(__filename);

contract('caller stack', (suite) => {
  let slave: SlaveHandle;
  before(() => (slave = suite.createSlave('echo.js', { callerStack: true })));

  suite.it('callerStack - the error of an exec has the line of its caller', async () => {
    const { error } = await slave.exec('no such task');
    expect(error).to.be.an.instanceOf(UnknownTaskError);
    expect(error?.stack).to.contain(HERE);
  });

  suite.it('callerStack - errors of streams, broadcasts and pools have it too', async () => {
    const pool = suite.master.createWorkpool(slave);
    const errors = [
      await rejection(slave.exec('no such task', null, { rejectOnError: true })),
      await rejection(collect(slave.stream('no such task'))),
      await rejection(pool.do('no such task', null, { rejectOnError: true })),
      await rejection(collect(pool.stream('no such task'))),
      await rejection(suite.master.broadcast('no such task', null, { rejectOnError: true }).to(slave)),
    ];
    for (const error of errors) expect(error.stack).to.contain(HERE);
  });

  suite.it('callerStack - an error of the task stays as it is', async () => {
    const completing = suite.createSlave('completion.js', { callerStack: true });
    const { error } = await completing.exec('done declared, rejects');
    expect(error).to.be.an.instanceOf(TypeError);
    expect(error?.stack).not.to.contain(HERE);
  });

  suite.it('callerStack - is off by default', async () => {
    const { error } = await suite.createSlave('echo.js').exec('no such task');
    expect(error?.stack).not.to.contain(HERE);
  });
});
