import { getEventListeners, once } from 'node:events';
import { expect } from 'chai';
import { AbortError, TimeoutError } from 'dist-io';
import { fixture } from '../support/fixture';
import { createTeam } from './support/team';

const TASKS = fixture('patterns/parallel-tasks.js');

describe('parallel: signal and timeout of a run', () => {
  const team = createTeam(TASKS);
  const { master } = team;

  it('signal - an abort settles every task without a response', async () => {
    const controller = new AbortController();
    const parallel = master.createParallel().addTask('until aborted').for(team.worker1).addTask('echo', 1).for(team.worker2);
    const responding = parallel.execute({ signal: controller.signal });
    await once(team.worker2, 'response');
    controller.abort(new Error('enough'));
    const [aborted, echoed] = await responding;
    expect(aborted.error).to.be.an.instanceOf(AbortError).with.nested.property('reason.message', 'enough');
    expect(echoed.value).to.equal(1);
    expect(getEventListeners(controller.signal, 'abort')).to.deep.equal([]);
  });

  it('signal - with an aborted signal nothing is sent', async () => {
    const fresh = master.createSlave(TASKS);
    const responses = await master
      .createParallel()
      .addTask('id')
      .for(fresh)
      .times(2)
      .execute({ signal: AbortSignal.abort('too late') });
    expect(responses.map(({ error }) => error)).to.satisfy((errors: Error[]) => errors.every((error) => error instanceof AbortError));
    expect((await fresh.exec('executed')).value).to.equal(0);
    await fresh.exit();
  });

  it('signal - of the run and of the task both abort', async () => {
    const own = new AbortController();
    const whole = new AbortController();
    const parallel = master.createParallel();
    parallel
      .addTask('deaf', null, { signal: own.signal })
      .for(team.worker1)
      .addTask('deaf', null, { signal: own.signal })
      .for(team.worker2)
      .addTask('wait')
      .for(team.inline);
    const responding = parallel.execute({ signal: whole.signal });
    own.abort('own');
    await team.inline.exec('go on');
    const responses = await responding;
    expect(responses.map(({ error }) => (error as AbortError | null)?.reason)).to.deep.equal(['own', 'own', undefined]);

    const other = new AbortController();
    const again = master.createParallel().addTask('deaf', null, { signal: other.signal }).execute({ signal: whole.signal });
    whole.abort('whole');
    expect((await again).errors)
      .to.have.length(1)
      .and.to.have.nested.property('[0].reason', 'whole');
    for (const { signal } of [own, whole, other]) expect(getEventListeners(signal, 'abort')).to.deep.equal([]);
  });

  it('timeout - is a deadline for the whole run', async () => {
    const responses = await master
      .createParallel()
      .addTask('deaf')
      .for('workers')
      .addTask('echo', 1)
      .for(team.inline)
      .execute({ timeout: 50 });
    expect(responses.map(({ error }) => error?.constructor)).to.deep.equal([TimeoutError, TimeoutError, undefined]);
  });

  it('timeout - the shortest of task, slave and run applies', async () => {
    const hasty = master.createSlave(TASKS, { runtime: 'inline', timeout: 15 });
    const parallel = master.createParallel();
    parallel
      .addTask('deaf', null, { timeout: 10 })
      .for(team.inline)
      .addTask('deaf')
      .for(hasty)
      .addTask('deaf', null, { timeout: '1h' })
      .for(team.inline);
    const { errors } = await parallel.execute({ timeout: '30ms' });
    const [task, slave, whole] = errors.map((error) => (error instanceof TimeoutError ? error.timeout : NaN));
    expect([task, slave]).to.deep.equal([10, 15]);
    expect(whole).to.be.within(1, 30);
    await hasty.kill();
  });

  it('timeout - zero or less means no timeout', async () => {
    expect((await master.createParallel().addTask('id').for(team.worker1).execute({ timeout: 0 })).values).to.deep.equal([team.worker1.id]);
  });

  it('leaks - 1,000 runs with one signal leave no listener and cause no warning', async () => {
    const warnings: Error[] = [];
    const warn = (warning: Error) => warnings.push(warning);
    process.on('warning', warn);
    const { signal } = new AbortController();
    const parallel = master.createParallel().addTask('echo', 1, { signal }).for(team.inline).times(20);
    for (let i = 0; i < 50; i++) await parallel.execute({ signal, timeout: '1m' });
    process.off('warning', warn);
    expect(getEventListeners(signal, 'abort')).to.deep.equal([]);
    expect(warnings).to.deep.equal([]);
  });
});
