import { once } from 'node:events';
import { expect } from 'chai';
import { Master } from 'dist-io';
import { fixture } from '../support/fixture';
import { createTeam } from './support/team';

const TASKS = fixture('patterns/parallel-tasks.js');

describe('parallel', () => {
  const team = createTeam(TASKS);
  const { master } = team;

  it('order - responses are in the order of the tasks, whichever completes first', async () => {
    const responding = master.createParallel().addTask('wait').for(team.worker1).addTask('echo', 'second').for(team.worker2).execute();
    await once(team.worker2, 'response');
    await team.worker1.exec('go on');
    expect((await responding).values).to.deep.equal(['waited', 'second']);
  });

  it('order - responses of one task are in the order of its selectors', async () => {
    const responses = await master
      .createParallel()
      .addTask('id')
      .for(team.inline, 'workers')
      .addTask('echo', 'last')
      .for(team.worker1)
      .execute();
    expect(responses.values).to.deep.equal([team.inline.id, team.worker1.id, team.worker2.id, 'last']);
    expect(responses.map(({ task }) => task)).to.deep.equal(['id', 'id', 'id', 'echo']);
  });

  it('concurrency - no task waits for another', async () => {
    const responding = master.createParallel().addTask('wait').for(team.worker1).addTask('go on').for(team.worker1).execute();
    expect((await responding)[0].value).to.equal('waited');
  });

  it('for - applies to the task it was called on, even after others were added', async () => {
    const parallel = master.createParallel();
    const first = parallel.addTask('id');
    parallel.addTask('id').for(team.worker2);
    first.for(team.inline);
    expect((await parallel.execute()).values).to.deep.equal([team.inline.id, team.worker2.id]);
  });

  it('for - accepts every kind of selector and executes once per slave', async () => {
    const responses = await master
      .createParallel()
      .addTask('id')
      .for(team.inline.id, 'worker-1', ['workers', [team.worker1]])
      .execute();
    expect(responses.values).to.deep.equal([team.inline.id, team.worker2.id, team.worker1.id]);
  });

  it('for - a second call replaces the selectors', async () => {
    expect((await master.createParallel().addTask('id').for(team.worker1).for(team.worker2).execute()).values).to.deep.equal([
      team.worker2.id,
    ]);
  });

  it('for - a slave that joins the group later is included in later runs', async () => {
    const parallel = master.createParallel().addTask('id').for('newcomers');
    team.worker1.group = 'newcomers';
    const before = await parallel.execute();
    team.worker2.group = 'newcomers';
    const after = await parallel.execute();
    team.worker1.group = team.worker2.group = 'workers';
    expect([before.values, after.values]).to.deep.equal([[team.worker1.id], [team.worker1.id, team.worker2.id]]);
  });

  it('without for - the least busy slave executes the task', async () => {
    const waiting = master.createParallel().addTask('wait').for(team.worker1).addTask('wait').for(team.inline).execute();
    const { values } = await master.createParallel().addTask('id').execute();
    await Promise.all([team.worker1.exec('go on'), team.inline.exec('go on')]);
    await waiting;
    expect(values).to.deep.equal([team.worker2.id]);
  });

  it('without for - the tasks of one run are spread over the slaves', async () => {
    const { values } = await master.createParallel().addTask('id').addTask('id').addTask('id').execute();
    expect(values).to.have.members([team.worker1.id, team.worker2.id, team.inline.id]);
  });

  it('without for - an exiting slave executes nothing', async () => {
    const small = new Master({ runtime: 'inline' });
    const [leaving, staying] = small.createSlaves(2, TASKS);
    const waiting = leaving.exec('wait');
    await leaving.ready();
    const ended = leaving.exit();
    const busy = [staying.exec('id'), staying.exec('id')];
    const { values } = await small.createParallel().addTask('id').execute();
    await Promise.all([leaving.kill(), waiting, ended, ...busy]);
    await small.exit();
    expect(values).to.deep.equal([staying.id]);
  });

  it('times - executes n copies of this task only', async () => {
    const parallel = master
      .createParallel()
      .addTask('echo', 1)
      .times(3)
      .for(team.worker1, team.worker2)
      .addTask('echo', 2)
      .addTask('echo', 3)
      .times(0);
    const responses = await parallel.execute();
    expect(responses.values).to.deep.equal([1, 1, 1, 1, 1, 1, 2]);
    expect(responses.slice(0, 6).map(({ from }) => from)).to.deep.equal([
      team.worker1.id,
      team.worker2.id,
      team.worker1.id,
      team.worker2.id,
      team.worker1.id,
      team.worker2.id,
    ]);
  });

  it('removeTask - removes one task, or all tasks of a name', async () => {
    const parallel = master.createParallel();
    const one = parallel.addTask('echo', 1);
    parallel.addTask('id').for(team.worker1).addTask('echo', 2).addTask('id').for(team.worker2);
    expect((await parallel.removeTask(one).execute()).values).to.deep.equal([team.worker1.id, 2, team.worker2.id]);
    expect((await parallel.removeTask('id').execute()).values).to.deep.equal([2]);
    expect((await parallel.removeTask('nobody').removeTask(one).execute()).values).to.deep.equal([2]);
  });

  it('no task - resolves an empty array', async () => {
    expect([...(await master.createParallel().execute())]).to.deep.equal([]);
  });

  it('reuse - runs may overlap and have their own responses', async () => {
    const parallel = master.createParallel().addTask('echo', { some: 'data' }).for(team.worker1, team.worker2);
    const runs = await Promise.all([parallel.execute(), parallel.execute(), parallel.execute()]);
    for (const { values } of runs) expect(values).to.deep.equal([{ some: 'data' }, { some: 'data' }]);
  });

  it('reuse - a run uses the tasks that existed at its start', async () => {
    const parallel = master.createParallel();
    const running = parallel.addTask('echo', 1).for(team.worker1).execute();
    parallel.removeTask('echo').addTask('echo', 2);
    expect((await running).values).to.deep.equal([1]);
    expect((await parallel.execute()).values).to.deep.equal([2]);
  });

  it('metadata - are sent as they were when the task was added, and never changed', async () => {
    const metadata = Object.freeze({ user: 'Ann', timeout: '10s', nested: { deep: true } });
    const mutable = { user: 'Ben' };
    const parallel = master.createParallel().addTask('metadata', null, metadata).addTask('metadata', null, mutable);
    mutable.user = 'Eve';
    expect((await parallel.execute({ timeout: '10s' })).values).to.deep.equal([{ user: 'Ann', nested: { deep: true } }, { user: 'Ben' }]);
  });
});
