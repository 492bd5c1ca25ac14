import { mkdtempSync, realpathSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, relative } from 'node:path';
import { pathToFileURL } from 'node:url';
import { expect } from 'chai';
import { Master, SpawnError } from 'dist-io';
import { fixture } from '../support/fixture';
import { runNode } from '../support/program';

describe('slave: file', () => {
  const master = new Master();
  after(() => master.exit());

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
    it(`file - is named by ${what}`, async () => {
      const slave = master.createSlave(named);
      expect(slave.path).to.equal(file);
      expect((await slave.exec('echo', 1)).value).to.equal(1);
    });
  }

  it('file - a missing extension may be any that Node and TypeScript know', async () => {
    for (const [name, found] of [
      ['greeter', 'greeter.ts'],
      ['loads-late', 'loads-late.mjs'],
    ]) {
      const slave = master.createSlave(fixture(name));
      await slave.ready();
      expect(slave.path).to.equal(realpathSync(fixture(found)));
    }
  });

  it('file - a relative one is taken from where the program works, not from where its script is', async () => {
    const script = `
      const { Master } = require(${JSON.stringify(fixture('../..'))});
      const slave = Master.createSlave('./echo');
      slave.exec('echo', 'found').then(({ value }) => { console.log(value); slave.exit(); });`;
    const { lines } = await runNode(['-e', script], { cwd: fixture('.') }).ended;
    expect(lines).to.deep.equal(['found']);
  });

  it('file - a symbolic link is followed', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'file-'));
    const link = join(folder, 'link.js');
    symlinkSync(file, link);
    const slave = master.createSlave(link);
    expect(slave.path).to.equal(file);
    expect((await slave.exec('echo', 1)).value).to.equal(1);
    rmSync(folder, { recursive: true });
  });

  it('file - what was looked for is told', async () => {
    const slave = master.createSlave('./no/such/slave');
    const error: unknown = await slave.ready().catch((error: unknown) => error);
    expect(error).to.be.an.instanceOf(SpawnError).with.property('path', join(process.cwd(), 'no/such/slave'));
  });
});
