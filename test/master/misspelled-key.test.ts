import { expect } from 'chai';
import { Master, type SlaveHandle } from 'dist-io';
import { fixture } from '../support/fixture';

describe('master: misspelled metadata keys', () => {
  const master = new Master({ runtime: 'inline' });
  const warnings: Error[] = [];
  const listen = (warning: Error): void => void warnings.push(warning);
  let slave: SlaveHandle;
  before(() => {
    slave = master.createSlave(fixture('context.js'));
    process.on('warning', listen);
  });
  beforeEach(() => {
    warnings.length = 0;
  });
  after(async () => {
    process.off('warning', listen);
    await master.exit();
  });

  /** Warnings are emitted in a later turn. */
  const exec = async (...metadata: Record<string, unknown>[]): Promise<string[]> => {
    for (const one of metadata) expect(await slave.exec('echo', 1, one)).to.have.property('ok');
    await new Promise(setImmediate);
    return warnings.map(({ message }) => message);
  };

  for (const [key, meant] of [
    ['timout', 'timeout'],
    ['Timeout', 'timeout'],
    ['retires', 'retries'],
    ['onprogress', 'onProgress'],
    ['highWatermark', 'highWaterMark'],
    ['signl', 'signal'],
  ])
    it(`misspelled - '${key}' causes one warning, which names '${meant}'`, async () => {
      const messages = await exec({ [key]: 5 }, { [key]: 6 });
      expect(messages).to.have.length(1);
      expect(messages[0]).to.contain(`'${key}'`).and.contain(`Did you mean '${meant}'?`);
      expect(warnings[0]).to.include({ name: 'DistIOWarning', code: 'DIST_IO_METADATA_KEY' });
    });

  it('misspelled - keys of the program cause none', async () => {
    expect(await exec({ user: 'Ann', trace: 1, time: 1, tags: [], single: 1, place: 1, '': 1, id: 1, timeout: 1000 })).to.deep.equal([]);
  });
});
