import module from 'node:module';
import { expect } from 'chai';
import { Master } from 'dist-io';
import { fixture } from '../support/fixture';
import { temporaryFolder } from '../support/temporary-folder';

const isKnown = 'enableCompileCache' in module;

describe('slave: compile cache', () => {
  const master = new Master();
  const folder = temporaryFolder();
  after(() => master.exit());

  const folderOf = async (env: NodeJS.ProcessEnv): Promise<unknown> => {
    const slave = master.createSlave(fixture('compile-cache.js'), { env: { NODE_V8_COVERAGE: undefined, ...env } });
    return (await slave.exec('folder')).unwrap();
  };

  (isKnown ? it : it.skip)('cache - a slave keeps what V8 has compiled, in the folder of Node (not before Node 22)', async () => {
    expect(await folderOf({ NODE_COMPILE_CACHE: folder }))
      .to.be.a('string')
      .that.includes(folder);
  });

  it('cache - is off where Node is told so, and before Node 22', async () => {
    expect(await folderOf({ NODE_DISABLE_COMPILE_CACHE: '1' })).to.equal(undefined);
  });
});
