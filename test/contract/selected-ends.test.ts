import { expect } from 'chai';
import { type ExitReport, Master, type SlaveHandle, UnknownSlaveError } from 'dist-io';
import { fixture } from '../support/fixture';
import { rejection } from '../support/rejection';
import { contract } from './runtimes';

contract('selected ends', (suite) => {
  const master = new Master({ runtime: suite.runtime });
  let a: SlaveHandle, b: SlaveHandle, c: SlaveHandle;
  beforeEach(async () => {
    [a, b] = master.createSlaves(2, fixture('cancellable.js'), { group: 'pair' });
    c = master.createSlave(fixture('cancellable.js'), { alias: 'single' });
    await Promise.all([a, b, c].map((slave) => slave.ready()));
  });
  afterEach(() => master.kill());

  const ids = (reports: readonly ExitReport[]): number[] => reports.map(({ id }) => id);

  suite.it('selected ends - exit ends the selected slaves, in the order of being named', async () => {
    expect(ids(await master.exit('single', a))).to.deep.equal([c.id, a.id]);
    expect([...master.slaves]).to.deep.equal([b]);
    expect(ids(await master.exit('pair'))).to.deep.equal([b.id]);
  });

  suite.it('selected ends - exit takes options after its selectors', async () => {
    const pending = a.exec('deaf');
    expect(ids(await master.exit(a, { pending: 'abort' }))).to.deep.equal([a.id]);
    expect((await pending).error).to.have.property('code', 'SLAVE_EXITED');
    expect(() => master.exit(b, { pending: 'sometimes' as never })).to.throw(TypeError);
    expect(() => master.exit({ pendign: 'abort' } as never)).to.throw(TypeError, 'pending');
  });

  suite.it('selected ends - kill ends the selected slaves, with a signal', async () => {
    const reports = await master.kill([a.id], 'single', 'SIGTERM');
    expect(ids(reports)).to.deep.equal([a.id, c.id]);
    if (suite.runtime === 'process') expect(reports.map(({ signal }) => signal)).to.deep.equal(['SIGTERM', 'SIGTERM']);
    expect([...master.slaves]).to.deep.equal([b]);
    for (const args of [['SIGNOTHING'], ['pair', 'SIGNOTHING']]) expect(() => master.kill(...args)).to.throw(TypeError, 'SIGNOTHING');
    expect(b.isAlive).to.equal(true);
    expect(ids(await master.kill('SIGKILL'))).to.deep.equal([b.id]);
  });

  suite.it('selected ends - ping asks the selected slaves', async () => {
    expect(await master.ping(a, 'single')).to.have.length(2);
    expect(await master.ping({ timeout: '1m' })).to.have.length(3);
    const [answer] = await master.ping('pair', { timeout: '1m' });
    expect(answer.roundTrip).to.be.above(0);
    expect(() => master.ping({ timeuot: 1 } as never)).to.throw(TypeError, 'timeout');
  });

  suite.it('selected ends - without selectors all slaves are meant, those that are exiting included', async () => {
    const pending = a.exec('deaf');
    const exited = a.exit();
    expect(ids(await master.exit({ pending: 'abort' }))).to.deep.equal([a.id, b.id, c.id]);
    await Promise.all([pending, exited]);
    expect(await master.exit()).to.deep.equal([]);
  });

  suite.it('selected ends - an unknown selector ends none', async () => {
    for (const failed of [master.exit(a, 'nobody'), master.kill(a, 'nobody'), master.ping('nobody')])
      expect(await rejection(failed)).to.be.an.instanceOf(UnknownSlaveError);
    expect(await rejection(master.exit(undefined as never))).to.be.an.instanceOf(TypeError);
    expect(master.slaves.length).to.equal(3);
  });
});
