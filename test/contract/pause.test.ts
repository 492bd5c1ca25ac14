import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'chai';
import { SlavePausedError } from 'dist-io';
import { eventually } from '../support/eventually';
import { temporaryFolder } from '../support/temporary-folder';
import { contract } from './runtimes';

contract('pause', (suite) => {
  const folder = temporaryFolder();

  suite.it('pause - a paused slave refuses requests until it resumes', async () => {
    const slave = suite.createSlave('pausing.js', { alias: 'sleeper' });
    const until = join(folder, 'resume');
    expect((await slave.exec('pause', until)).value).to.equal(true);
    const { error } = await slave.exec('events');
    expect(error).to.be.an.instanceOf(SlavePausedError);
    expect(error).to.include({ code: 'SLAVE_PAUSED', task: 'events', slave: `slave ${slave.id} (sleeper)` });
    writeFileSync(until, '');
    await eventually(async () => (await slave.exec('events')).ok);
    expect((await slave.exec('events')).value).to.deep.equal(['pause', 'resume']);
    await slave.exit();
  });

  suite.it('pause - running tasks complete', async () => {
    const slave = suite.createSlave('pausing.js');
    const running = slave.exec('finish');
    expect((await slave.exec('pause while running')).value).to.equal(false);
    expect((await running).value).to.equal('finished');
  });

  suite.it('pause - a paused slave obeys exit', async () => {
    const slave = suite.createSlave('pausing.js');
    await slave.exec('pause for good');
    expect(await slave.exit()).to.deep.equal({ id: slave.id, code: 0, signal: null, forced: false });
  });
});
