import { expect } from 'chai';
import { Master, NoSlaveError, SlaveExitedError, type SlaveHandle, UnknownSlaveError } from 'dist-io';
import { fixture } from '../support/fixture';
import { rejection } from '../support/rejection';
import { contract } from './runtimes';

contract('exiting', (suite) => {
  const master = new Master({ runtime: suite.runtime });
  let exiting: SlaveHandle;
  let staying: SlaveHandle;
  let finish: () => Promise<void>;

  beforeEach(() => {
    [exiting, staying] = master.createSlaves(2, fixture('cancellable.js'), { alias: 'worker', group: 'workers' });
    const controller = new AbortController();
    const pending = exiting.exec('until aborted', 'a', { signal: controller.signal });
    const ended = exiting.exit();
    finish = async () => {
      controller.abort();
      await Promise.all([pending, ended]);
    };
  });
  afterEach(async () => {
    await finish();
    await master.exit();
  });

  suite.it('exiting - a slave that is exiting is in no view, and neither idle nor busy', () => {
    const { slaves } = master;
    expect(exiting).to.include({ isAlive: true, isIdle: false, pending: 1 });
    for (const view of [
      slaves,
      slaves.idle,
      slaves.local,
      slaves.inGroup('workers'),
      slaves.notInGroup('others'),
      slaves.withPath(exiting.path),
    ]) {
      expect([...view]).to.deep.equal([staying]);
      expect(view.length).to.equal(1);
    }
    for (const view of [slaves.busy, slaves.remote]) expect([[...view], view.length]).to.deep.equal([[], 0]);
  });

  suite.it('exiting - the counts stay right when its last request is settled', async () => {
    await finish();
    expect([master.slaves.busy.length, master.slaves.idle.length, master.slaves.length]).to.deep.equal([0, 1, 1]);
    const pending = staying.exec('echo');
    expect([master.slaves.busy.length, master.slaves.idle.length]).to.deep.equal([1, 0]);
    await pending;
  });

  suite.it('exiting - the name of its group does not select it', async () => {
    const responses = await master.broadcast('echo', 1).to('workers');
    expect(responses.map(({ slave }) => slave)).to.deep.equal([staying]);
    const values = await master.createScatter<number, number>('echo').data(1, 2, 3).gather('workers');
    expect(values).to.have.length.above(0);
    await staying.exit();
    expect(() => master.slave('workers')).to.throw(UnknownSlaveError);
  });

  suite.it('exiting - its handle, id and alias still select it', async () => {
    for (const selector of [exiting, exiting.id, 'worker']) {
      expect(master.slave(selector)).to.equal(exiting);
      const [{ error }] = await master.broadcast('echo').to(selector);
      expect(error).to.be.an.instanceOf(SlaveExitedError).with.property('mayHaveExecuted', false);
    }
  });

  suite.it('exiting - one that is killed or aborted leaves the views at once', () => {
    void staying.kill();
    expect([...master.slaves]).to.deep.equal([]);
    expect([master.slaves.idle.length, master.slaves.busy.length]).to.deep.equal([0, 0]);
  });

  suite.it('exiting - a group or a client without a slave that accepts work gets a NoSlaveError that says why', async () => {
    const group = master.createSlaves(2, fixture('echo.js'));
    await group.exit();
    for (const failed of [group.exec('echo'), group.as<{ echo(): void }>().echo()]) {
      const error = await rejection(failed);
      expect(error).to.be.an.instanceOf(NoSlaveError).with.property('task', 'echo');
      expect(error).to.have.property('cause').that.is.an.instanceOf(SlaveExitedError);
    }
    expect(group.random).to.equal(undefined);
    const none = master.createSlaves(0, fixture('echo.js'));
    expect(await rejection(none.exec('echo'))).to.be.an.instanceOf(NoSlaveError);
    expect(() => master.slave(master.slaves.remote)).to.throw(NoSlaveError);
  });
});
