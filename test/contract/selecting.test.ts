import { relative } from 'node:path';
import { expect } from 'chai';
import { Master, NoSlaveError, type Response, type SlaveHandle, UnknownSlaveError } from 'dist-io';
import { fixture } from '../support/fixture';
import { rejection } from '../support/rejection';
import { contract } from './runtimes';

contract('selecting', (suite) => {
  let a: SlaveHandle, b: SlaveHandle, c: SlaveHandle, d: SlaveHandle;
  const { master } = suite;

  before(() => {
    a = suite.createSlave('echo.js', { alias: 'first', group: 'odd' });
    b = suite.createSlave('echo.js', { alias: 'second', group: 'even' });
    c = suite.createSlave('echo.js', { group: 'odd' });
    // Its alias is the name of a group, too.
    d = suite.createSlave('echo.js', { alias: 'even' });
  });

  suite.it('selecting - broadcast(…).to(…) executes in the order of the selectors', async () => {
    const responses = await master.broadcast('id').to(c, a, b);
    expect(responses.values).to.deep.equal([c.id, a.id, b.id]);
    expect(responses.map(({ slave }) => slave)).to.deep.equal([c, a, b]);
  });

  suite.it('selecting - a handle, id, alias, group or nested array selects slaves', async () => {
    for (const [selector, ids] of [
      [a, [a.id]],
      [b.id, [b.id]],
      ['second', [b.id]],
      ['odd', [a.id, c.id]],
      [
        [c, ['first', [[b.id]]]],
        [c.id, a.id, b.id],
      ],
      [[], []],
    ] as const) {
      expect((await master.broadcast('id').to(selector)).values).to.deep.equal(ids);
      const told = [await master.tell(selector).to('id')].flat() as Response[];
      expect(told.map(({ value }) => value)).to.deep.equal(ids);
    }
  });

  suite.it('selecting - a string is looked up as an alias before a group', async () => {
    expect((await master.broadcast('id').to('even')).values).to.deep.equal([d.id]);
  });

  suite.it('selecting - a slave that is selected twice executes once', async () => {
    expect((await master.broadcast('id').to(a, 'first', 'odd', [a.id])).values).to.deep.equal([a.id, c.id]);
  });

  suite.it('selecting - tell resolves a Response for one handle and an array otherwise', async () => {
    const one = await master.tell(a).to('echo', 'data');
    expect(one.value).to.equal('data');
    expect(one.slave).to.equal(a);
    const many = await master.tell([a]).to('echo', 'data');
    expect(many.values).to.deep.equal(['data']);
  });

  suite.it('selecting - every slave gets the data and metadata', async () => {
    const responses = await master.broadcast('echo', { n: 1 }, { timeout: '1m' }).to('odd');
    expect(responses.values).to.deep.equal([{ n: 1 }, { n: 1 }]);
  });

  suite.it('selecting - master.slave(…) returns the handle', async () => {
    for (const selector of [a, a.id, 'first', [[a]]]) expect(master.slave(selector)).to.equal(a);
    expect((await master.slave(a.id).exec('id')).value).to.equal(a.id);
  });

  suite.it('selecting - master.slave(…) throws unless the selector stands for one slave', () => {
    expect(() => master.slave('odd')).to.throw(TypeError, 'This names 2 slaves');
    expect(() => master.slave([])).to.throw(NoSlaveError);
  });

  suite.it('selecting - an unknown selector fails before anything is executed', async () => {
    const asked: string[] = [];
    const listen = (task: string) => void asked.push(task);
    a.on('request', listen);
    for (const selector of [99, 'nobody', [a, 'nobody'], '__proto__']) {
      for (const to of [() => master.broadcast('id').to(selector), () => master.tell(selector).to('id')]) {
        const error = await rejection(to());
        expect(error).to.be.an.instanceOf(UnknownSlaveError).with.property('code', 'UNKNOWN_SLAVE');
      }
      expect(() => master.slave(selector)).to.throw(UnknownSlaveError);
    }
    a.off('request', listen);
    expect(asked).to.deep.equal([]);
  });

  suite.it('selecting - a slave that has ended is unknown, except by its handle', async () => {
    const gone = suite.createSlave('echo.js', { alias: 'gone', group: 'gone group' });
    await gone.exit();
    for (const selector of [gone.id, 'gone', 'gone group']) expect(() => master.slave(selector)).to.throw(UnknownSlaveError);
    const [response] = await master.broadcast('id').to(gone);
    expect(response.error).to.have.property('code', 'SLAVE_EXITED');
  });

  suite.it('selecting - a value that is not a selector causes a TypeError', async () => {
    for (const selector of [null, undefined, {}, true] as never[]) {
      const error = await rejection(master.broadcast('id').to(selector));
      expect(error).to.be.an.instanceOf(TypeError);
      expect(() => master.slave(selector)).to.throw(TypeError);
    }
  });

  suite.it('selecting - tell accepts several selectors and fails if one is unknown', async () => {
    const responses = await master.tell(a, 'odd', [d]).to('echo', 1);
    expect(responses.map(({ slave }) => slave)).to.deep.equal([a, c, d]);
    const error = await rejection(master.tell(a, 'nobody').to('echo'));
    expect(error).to.be.an.instanceOf(UnknownSlaveError);
  });

  suite.it('selecting - master.slaves filters by group, path and location', () => {
    const { slaves } = master;
    expect([...slaves]).to.deep.equal([a, b, c, d]);
    expect(slaves.length).to.equal(4);
    expect([...slaves.inGroup('odd')]).to.deep.equal([a, c]);
    expect([...slaves.notInGroup('odd')]).to.deep.equal([b, d]);
    expect([...slaves.withPath(a.path)]).to.deep.equal([a, b, c, d]);
    expect([...slaves.withPath('/elsewhere.js')]).to.deep.equal([]);
    expect([...slaves.withPath(relative(process.cwd(), a.path))]).to.deep.equal([a, b, c, d]);
    expect([...slaves.local]).to.deep.equal(suite.isRemote ? [] : [a, b, c, d]);
    expect([...slaves.remote]).to.deep.equal(suite.isRemote ? [a, b, c, d] : []);
  });

  suite.it('selecting - master.slaves filters by load', async () => {
    const { slaves } = master;
    const answers = [a.exec('echo'), a.exec('echo'), b.exec('echo'), c.exec('echo')];
    expect([...slaves.busy]).to.deep.equal([a, b, c]);
    expect([...slaves.idle]).to.deep.equal([d]);
    expect([slaves.busy.length, slaves.idle.length]).to.deep.equal([3, 1]);
    expect(slaves.leastBusy()).to.equal(d);
    expect(slaves.leastBusy(a, [b], 'first')).to.equal(b);
    expect(a.pending).to.equal(2);
    expect(a.isIdle).to.equal(false);
    await Promise.all(answers);
    expect([...slaves.busy]).to.deep.equal([]);
    expect(a.isIdle).to.equal(true);
  });

  suite.it('selecting - leastBusy ignores a slave that is exiting', async () => {
    const own = new Master({ runtime: suite.runtime });
    const [leaving, staying] = own.createSlaves(2, fixture('echo.js'));
    const left = leaving.exit();
    expect(own.slaves.leastBusy()).to.equal(staying);
    expect(own.slaves.leastBusy(leaving)).to.equal(undefined);
    await Promise.all([left, own.exit()]);
  });

  suite.it('selecting - a changed group applies to selectors and in the slave', async () => {
    const slave = suite.createSlave('echo.js', { group: 'before' });
    slave.group = 'after';
    expect(slave.group).to.equal('after');
    expect(master.slave('after')).to.equal(slave);
    expect(() => master.slave('before')).to.throw(UnknownSlaveError);
    expect((await slave.exec('group')).value).to.equal('after');
    slave.group = null;
    expect((await slave.exec('group')).value).to.equal(null);
    expect(() => master.slave('after')).to.throw(UnknownSlaveError);
    await slave.exit();
  });
});
