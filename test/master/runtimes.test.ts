import { expect } from 'chai';
import { Master, UnknownSlaveError } from 'dist-io';
import { fixture } from '../support/fixture';

describe('master: separate masters', () => {
  const echo = fixture('echo.js');

  it('masters - each master has its own ids, aliases and slaves', async () => {
    const [one, two] = [new Master(), new Master()];
    const a = one.createSlave(echo, { alias: 'echo' });
    const b = one.createSlave(echo);
    const c = two.createSlave(echo, { alias: 'echo' });
    expect([a.id, b.id, c.id]).to.deep.equal([0, 1, 0]);
    expect([...one.slaves]).to.deep.equal([a, b]);
    expect([...two.slaves]).to.deep.equal([c]);
    expect(one.slave('echo')).to.equal(a);
    expect(two.slave('echo')).to.equal(c);
    expect(() => two.slave(1)).to.throw(UnknownSlaveError);
    await Promise.all([one.exit(), two.exit()]);
  });

  it('masters - static members use the default master of the process', async () => {
    const { createSlave, broadcast } = Master;
    const slave = createSlave(echo, { alias: 'shared' });
    expect([...Master.slaves]).to.deep.equal([slave]);
    expect(Master.slave('shared')).to.equal(slave);
    expect((await broadcast('echo', 1).to('shared')).values).to.deep.equal([1]);
    expect((await Master.tell(slave).to('echo', 2)).value).to.equal(2);
    expect(new Master().slaves.length).to.equal(0);
    const [report] = await Master.exit();
    expect(report).to.deep.equal({ id: slave.id, code: 0, signal: null, forced: false });
    expect(Master.slaves.length).to.equal(0);
  });

  it('masters - an instance is a Master', () => {
    expect(new Master()).to.be.an.instanceOf(Master);
  });

  it('masters - signal listeners exist only while there are slaves', async () => {
    const before = process.listenerCount('SIGINT');
    const [one, two] = [new Master(), new Master()];
    const slaves = [one.createSlave(echo), two.createSlave(echo), two.createSlave(echo)];
    expect(process.listenerCount('SIGINT')).to.equal(before + 1);
    expect(process.listenerCount('SIGTERM')).to.equal(before + 1);
    for (const slave of slaves) {
      expect(process.listenerCount('SIGINT')).to.equal(before + 1);
      await slave.exit();
    }
    expect(process.listenerCount('SIGINT')).to.equal(before);
  });

  it('masters - many slaves cause no warning', async () => {
    const warnings: Error[] = [];
    const listen = (warning: Error) => void warnings.push(warning);
    process.on('warning', listen);
    const master = new Master({ runtime: 'thread' });
    const slaves = master.createSlaves(12, echo);
    await slaves.exec('echo');
    await master.exit();
    process.off('warning', listen);
    expect(warnings).to.deep.equal([]);
  });

  for (const options of [{ runtime: 'container' }, { timeout: 'soon' }, { typo: 1 }, { alias: 'all' }, null]) {
    it(`masters - the options ${JSON.stringify(options)} throw a TypeError`, () => {
      expect(() => new Master(options as never)).to.throw(TypeError);
    });
  }
});
