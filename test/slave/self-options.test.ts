import { expect } from 'chai';
import { Master, Slave, type SlaveHandle } from 'dist-io';
import { fixture } from '../support/fixture';

describe('slave: self options', () => {
  const master = new Master();
  after(() => master.exit());

  const titleOf = async (slave: SlaveHandle) => (await slave.exec('title')).value;

  it('title - undefined restores the previous title', async () => {
    const [plain, given] = [undefined, 'given'].map((title) => master.createSlave(fixture('own-options.js'), { title }));
    const before = await titleOf(plain);
    for (const slave of [plain, given]) await slave.exec('set', { title: 'renamed' });
    for (const slave of [plain, given]) await slave.exec('take back', 'title');
    expect(await titleOf(plain)).to.equal(before);
    expect(await titleOf(given)).to.equal('given');
  });

  it('title - a title set by the script stays when another option is set', async () => {
    const slave = master.createSlave(fixture('own-options.js'));
    await slave.exec('rename', 'by hand');
    await slave.exec('set', { maxPayload: '1mb' });
    expect(await titleOf(slave)).to.equal('by hand');
  });

  it('no master - options are validated and stored without effect', () => {
    const { title } = process;
    expect(Slave.getOptions()).to.deep.equal({ maxPayload: Infinity, title: undefined });
    expect(Slave.setOptions({ maxPayload: '1mb', title: 'nobody' })).to.have.property('isSlave', false);
    expect(Slave.getOptions()).to.deep.equal({ maxPayload: 1024 * 1024, title: 'nobody' });
    expect(process.title).to.equal(title);
    expect(() => Slave.setOptions({ maxpayload: 1 } as never)).to.throw(TypeError, `Did you mean 'maxPayload'?`);
    Slave.setOptions({ maxPayload: undefined, title: undefined });
    expect(Slave.getOptions()).to.deep.equal({ maxPayload: Infinity, title: undefined });
  });
});
