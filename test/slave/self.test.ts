import { expect } from 'chai';
import { Master, Slave } from 'dist-io';
import { fixture } from '../support/fixture';

describe('slave: self', () => {
  const master = new Master();
  after(() => master.exit());

  it('self - is undefined outside of a slave', () => {
    expect((globalThis as { self?: unknown }).self).to.equal(undefined);
    expect(Slave).to.include({ isSlave: false, id: undefined, alias: null, group: null, isPaused: false });
  });

  it('self - outside of a slave, Slave has nothing of the global object', () => {
    expect('fetch' in Slave).to.equal(false);
  });

  for (const runtime of ['process', 'thread', 'inline'] as const) {
    it(`self - has the properties of the global object too, for code that takes it for a browser's, in a ${runtime}`, async () => {
      const slaves = master.createSlaves(2, fixture('browser-self.js'), { runtime });
      for (const { value } of await slaves.exec('self'))
        expect(value).to.deep.equal({
          has: ['fetch', 'setTimeout', 'crypto', 'library', 'id'],
          isGlobal: [true, true, true, true],
          works: ['string', { a: 1 }],
          slave: [true, true, true, 'function'],
          library: [{ version: 1 }, { version: 1 }, false],
          nothing: [undefined, undefined, '[object Object]', true],
        });
    });
  }

  for (const runtime of ['process', 'thread'] as const) {
    it(`self - is the slave in a ${runtime}, and not enumerable`, async () => {
      const { value } = await master.createSlave(fixture('about.js'), { runtime }).exec('self');
      expect(value).to.deep.equal({ isSlave: true, enumerable: false, type: 'function' });
    });

    it(`self - does not replace an existing one in a ${runtime}`, async () => {
      const slave = master.createSlave(fixture('keeps-self.js'), { runtime, execArgv: ['--require', fixture('own-self.js')] });
      expect((await slave.exec('self')).value).to.equal('taken');
    });
  }
});
