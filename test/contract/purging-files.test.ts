import { resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { expect } from 'chai';
import { contract } from './runtimes';

contract('purging files', (world) => {
  world.it('purging files - what a process shares is told once, with absolute paths, and counted', async () => {
    const slave = world.createSlave('purgeable.js');
    await slave.exec('share');
    await slave.exec('remembered');
    const page = resolve('templates/page.html');
    const report = await world.master.purgeCache('templates/page.html', pathToFileURL('/a b'), 'file:///c').in(slave);
    expect(report).to.include({ files: 2, results: 0, bytes: 100 });
    const { files, results, bytes } = await world.master.purgeCache().in(slave);
    expect([files, results]).to.deep.equal([2, 1]);
    expect(bytes).to.be.greaterThan(100);
    expect((await slave.exec('told')).value).to.deep.equal([
      { files: [page, '/a b', '/c'], tasks: ['templates/page.html', 'file:///c'] },
      { files: [], tasks: [] },
    ]);
  });
});
