import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'chai';
import { SlavePausedError } from 'dist-io';
import { contract } from './runtimes';

contract('pause', (world) => {
  world.it('pause - a paused slave refuses until it resumes', async () => {
    const slave = world.createSlave('pausing.js', { alias: 'sleeper' });
    const folder = mkdtempSync(join(tmpdir(), 'pause-'));
    const until = join(folder, 'resume');
    expect((await slave.exec('pause', until)).value).to.equal(true);
    const { error } = await slave.exec('events');
    expect(error).to.be.an.instanceOf(SlavePausedError);
    expect(error).to.include({ code: 'SLAVE_PAUSED', task: 'events', slave: `slave ${slave.id} (sleeper)` });
    writeFileSync(until, '');
    let response = await slave.exec('events');
    while (response.error instanceof SlavePausedError) response = await slave.exec('events');
    expect(response.value).to.deep.equal(['pause', 'resume']);
    await slave.exit();
    rmSync(folder, { recursive: true });
  });

  world.it('pause - what is running goes on', async () => {
    const slave = world.createSlave('pausing.js');
    const running = slave.exec('finish');
    expect((await slave.exec('pause while running')).value).to.equal(false);
    expect((await running).value).to.equal('finished');
  });

  world.it('pause - exit is obeyed all the same', async () => {
    const slave = world.createSlave('pausing.js');
    await slave.exec('pause for good');
    expect(await slave.exit()).to.deep.equal({ id: slave.id, code: 0, signal: null, forced: false });
  });
});
