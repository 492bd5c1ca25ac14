import { realpathSync, symlinkSync } from 'node:fs';
import { join, relative } from 'node:path';
import { pathToFileURL } from 'node:url';
import { expect } from 'chai';
import { Master, SpawnError } from 'dist-io';
import { fixture } from '../support/fixture';
import { runNode } from '../support/program';
import { rejection } from '../support/rejection';
import { temporaryFolder } from '../support/temporary-folder';

describe('slave: file', () => {
  const master = new Master();
  after(() => master.exit());
  const folder = temporaryFolder();

  const file = realpathSync(fixture('echo.js'));
  for (const [what, named] of [
    ['an absolute path', file],
    ['a path relative to the working directory', relative(process.cwd(), file)],
    ['a path that begins with a dot', `./${relative(process.cwd(), file)}`],
    ['a URL', pathToFileURL(file)],
    ['the text of a URL', pathToFileURL(file).href],
    ['a path without its extension', file.replace(/\.js$/, '')],
    ['a URL without its extension', pathToFileURL(file.replace(/\.js$/, ''))],
  ] as const) {
    it(`file - may be ${what}`, async () => {
      const slave = master.createSlave(named);
      expect(slave.path).to.equal(file);
      expect((await slave.exec('echo', 1)).value).to.equal(1);
    });
  }

  it("file - a missing extension is completed to one of Node's or TypeScript's", async () => {
    for (const [name, found] of [
      ['greeter', 'greeter.ts'],
      ['loads-late', 'loads-late.mjs'],
    ]) {
      const slave = master.createSlave(fixture(name));
      await slave.ready();
      expect(slave.path).to.equal(realpathSync(fixture(found)));
    }
  });

  it('file - a relative path is resolved from the working directory', async () => {
    const script = `
      const { Master } = require(${JSON.stringify(fixture('../..'))});
      const slave = Master.createSlave('./echo');
      slave.exec('echo', 'found').then(({ value }) => { console.log(value); slave.exit(); });`;
    const { lines } = await runNode(['-e', script], { cwd: fixture('.') }).ended;
    expect(lines).to.deep.equal(['found']);
  });

  it('file - a symbolic link is resolved', async () => {
    const link = join(folder, 'link.js');
    symlinkSync(file, link);
    const slave = master.createSlave(link);
    expect(slave.path).to.equal(file);
    expect((await slave.exec('echo', 1)).value).to.equal(1);
  });

  it('file - the error of a missing file has the resolved path', async () => {
    const slave = master.createSlave('./no/such/slave');
    const error = await rejection(slave.ready());
    expect(error).to.be.an.instanceOf(SpawnError).with.property('path', join(process.cwd(), 'no/such/slave'));
  });
});
