import { expect } from 'chai';
import { Master, type SlaveHandle } from 'dist-io';
import { fixture } from '../support/fixture';
import { contract } from './runtimes';

contract('events of the master', (suite) => {
  suite.it('master events - a master emits the events of its slaves, with the slave first', async () => {
    const master = new Master({ runtime: suite.runtime });
    const heard: [string, ...unknown[]][] = [];
    for (const name of ['ready', 'request', 'response', 'error', 'exit'] as const) {
      master.on(name, (slave: SlaveHandle, first?: unknown) => heard.push([name, slave.id, first]));
    }
    const slave = master.createSlave(fixture('echo.js'));
    const response = await slave.exec('echo', 1);
    const report = await slave.exit();
    expect(heard.map(([name, id]) => [name, id])).to.have.deep.members([
      ['request', 0],
      ['ready', 0],
      ['response', 0],
      ['exit', 0],
    ]);
    expect(heard.find(([name]) => name === 'response')?.[2]).to.equal(response);
    expect(heard.find(([name]) => name === 'exit')?.[2]).to.deep.equal(report);
  });

  suite.it('master events - an error without listeners does not throw, and a listener gets the slave', async () => {
    const master = new Master({ runtime: suite.runtime });
    await master.createSlave('./no-such-file').kill();
    const failed = new Promise((resolve) => master.once('error', (slave, error) => resolve([slave.id, error.code])));
    master.createSlave('./no-such-file');
    expect(await failed).to.deep.equal([1, 'SPAWN_FAILED']);
  });
});
