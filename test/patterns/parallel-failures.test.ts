import { once } from 'node:events';
import { expect } from 'chai';
import { AbortError, Master, NoSlaveError, SlaveDiedError, UnknownSlaveError } from 'dist-io';
import { alwaysRetry } from '../support/always-retry';
import { fixture } from '../support/fixture';
import { rejection } from '../support/rejection';
import { createTeam } from './support/team';

const TASKS = fixture('patterns/parallel-tasks.js');

describe('parallel: failures', () => {
  const team = createTeam(TASKS);
  const { master } = team;

  it('error - of one task does not affect the others', async () => {
    const responses = await master.createParallel().addTask('fail', 'on purpose').addTask('echo', 1).addTask('no such task').execute();
    expect(responses.map(({ ok }) => ok)).to.deep.equal([false, true, false]);
    expect(responses[0].error).to.be.an.instanceOf(RangeError).with.property('message', 'on purpose');
    expect(responses[2].error).to.have.property('code', 'UNKNOWN_TASK');
  });

  it('rejectOnError - of a task rejects with its error and aborts the running tasks', async () => {
    const responded = once(team.worker1, 'response');
    const parallel = master
      .createParallel()
      .addTask('until aborted')
      .for(team.worker1)
      .addTask('fail', 'on purpose', { rejectOnError: true })
      .for(team.worker2);
    expect(await rejection(parallel.execute())).to.be.an.instanceOf(RangeError);
    expect(await responded)
      .to.have.nested.property('[0].error')
      .that.is.an.instanceOf(AbortError);
    expect((await team.worker1.exec('executed')).value).to.equal('aborted');
    expect(team.worker1.pending).to.equal(0);
  });

  it('rejectOnError - of a slave rejects too', async () => {
    const strict = master.createSlave(TASKS, { rejectOnError: true, runtime: 'inline' });
    expect(await rejection(master.createParallel().addTask('fail', 'on purpose').for(strict).execute())).to.be.an.instanceOf(RangeError);
    await strict.exit();
  });

  it('retries - apply to each task', async () => {
    const [response] = await master
      .createParallel()
      .addTask('fail at first', null, { retries: alwaysRetry(2) })
      .execute();
    expect(response).to.include({ value: 3, attempt: 3 });
  });

  it('unknown slave - rejects before any task is executed', async () => {
    const fresh = master.createSlave(TASKS);
    const parallel = master.createParallel().addTask('id').for(fresh).addTask('id').for('nobody');
    expect(await rejection(parallel.execute()))
      .to.be.an.instanceOf(UnknownSlaveError)
      .with.property('selector', 'nobody');
    expect((await fresh.exec('executed')).value).to.equal(0);
    await fresh.exit();
  });

  it('no slave - rejects with NoSlaveError', async () => {
    const alone = new Master();
    expect(await rejection(alone.createParallel().addTask('id').execute()))
      .to.be.an.instanceOf(NoSlaveError)
      .with.property('task', 'id');
    const empty = master.createParallel().addTask('id').for([]);
    expect(await rejection(empty.execute())).to.be.an.instanceOf(NoSlaveError);
  });

  it('death - fails only the tasks that the slave was executing', async () => {
    const mortal = master.createSlave(TASKS);
    const parallel = master.createParallel().addTask('deaf').for(mortal).addTask('die').for(mortal).addTask('id').for(team.worker1, mortal);
    const responses = await parallel.execute();
    expect(responses.map(({ error }) => error?.constructor)).to.deep.equal([SlaveDiedError, SlaveDiedError, undefined, SlaveDiedError]);
    expect((await parallel.execute()).errors).to.have.length(3);
  });

  it('arguments - of a wrong type throw at once', () => {
    const parallel = master.createParallel();
    const wrong = (value: unknown): never => value as never;
    expect(() => parallel.addTask(wrong(1))).to.throw(TypeError);
    expect(() => parallel.addTask('')).to.throw(TypeError);
    expect(() => parallel.addTask('id', 1, { timeout: 'soon' })).to.throw(TypeError);
    expect(() => parallel.addTask('id', 1, wrong(7))).to.throw(TypeError);
    for (const count of [-1, 1.5, '2', NaN]) expect(() => parallel.addTask('id').times(wrong(count))).to.throw(TypeError);
    expect(() => parallel.execute(wrong(null))).to.throw(TypeError);
    expect(() => parallel.execute({ signal: wrong({}) })).to.throw(TypeError);
    expect(() => parallel.execute({ timeout: 'soon' })).to.throw(TypeError);
    expect(() => parallel.execute(wrong({ timout: 5 }))).to.throw(TypeError, `There is no option 'timout'`);
  });
});
