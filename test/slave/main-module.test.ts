import { expect } from 'chai';
import { Master } from 'dist-io';
import { fixture } from '../support/fixture';

describe('slave: main module', () => {
  const master = new Master();
  after(() => master.exit());

  for (const runtime of ['process', 'thread'] as const) {
    describe(`in a ${runtime}`, () => {
      it('main module - a CommonJS file is the main module and has its own argv', async () => {
        const file = fixture('about.js');
        const slave = master.createSlave(file, { runtime, args: ['first', '--second=2'] });
        const { value } = await slave.exec('main');
        expect(value).to.deep.include({ argv: [process.execPath, file, 'first', '--second=2'], execPath: process.execPath });
        // Node gives threads no main module.
        if (runtime === 'process') expect(value).to.include({ isMain: true, mainFile: file });
      });

      it('main module - an ES module has its own argv', async () => {
        const file = fixture('about.mjs');
        const slave = master.createSlave(file, { runtime, args: ['first'] });
        const { value } = await slave.exec('main');
        expect(value).to.deep.include({ file, argv: [process.execPath, file, 'first'] });
      });

      it('main module - execArgv has no flag of dist-io', async () => {
        const slave = master.createSlave(fixture('about.js'), { runtime, execArgv: ['--no-deprecation'] });
        const { value } = await slave.exec('main');
        expect(value).to.have.deep.property('execArgv', ['--no-deprecation']);
      });

      it('main module - an ES module may be started with a loader', async () => {
        const slave = master.createSlave(fixture('about.mjs'), { runtime, execArgv: ['--import', 'data:text/javascript,'] });
        const { value } = await slave.exec('main');
        expect(value).to.have.deep.property('execArgv', ['--import', 'data:text/javascript,']);
        expect((await slave.exec('who')).value).to.deep.equal({ id: slave.id, isSlave: true, self: slave.id });
      });
    });
  }
});
