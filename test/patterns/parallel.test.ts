import { getEventListeners, once } from 'node:events';
import { expect } from 'chai';
import { AbortError, Master, NoSlaveError, SlaveDiedError, type SlaveHandle, TimeoutError, UnknownSlaveError } from 'dist-io';
import { fixture } from '../support/fixture';

const TASKS = fixture('patterns/parallel-tasks.js');

describe('parallel', () => {
  const master = new Master({ runtime: 'thread' });
  let a: SlaveHandle, b: SlaveHandle, c: SlaveHandle;
  before(() => {
    [a, b] = master.createSlaves(2, TASKS, { alias: 'worker', group: 'workers' });
    c = master.createSlave(TASKS, { runtime: 'inline' });
  });
  after(() => master.exit({ pending: 'abort' }));

  const failure = (promise: Promise<unknown>): Promise<unknown> =>
    promise.then(
      () => expect.fail('It should have rejected.'),
      (error: unknown) => error,
    );

  describe('who executes what', () => {
    it('order - responses come in the order of the tasks, whoever is first', async () => {
      const responding = master.createParallel().addTask('wait').for(a).addTask('echo', 'second').for(b).execute();
      await once(b, 'response');
      await a.exec('go on');
      expect((await responding).values).to.deep.equal(['waited', 'second']);
    });

    it('order - several slaves of one task come in the order of being named', async () => {
      const responses = await master.createParallel().addTask('id').for(c, 'workers').addTask('echo', 'last').for(a).execute();
      expect(responses.values).to.deep.equal([c.id, a.id, b.id, 'last']);
      expect(responses.map(({ task }) => task)).to.deep.equal(['id', 'id', 'id', 'echo']);
    });

    it('at once - no task waits for another', async () => {
      const responding = master.createParallel().addTask('wait').for(a).addTask('go on').for(a).execute();
      expect((await responding)[0].value).to.equal('waited');
    });

    it('for - binds to its own task, whichever was added since', async () => {
      const parallel = master.createParallel();
      const first = parallel.addTask('id');
      parallel.addTask('id').for(b);
      first.for(c);
      expect((await parallel.execute()).values).to.deep.equal([c.id, b.id]);
    });

    it('for - takes every kind of selector, each slave once', async () => {
      const responses = await master
        .createParallel()
        .addTask('id')
        .for(c.id, 'worker-1', ['workers', [a]])
        .execute();
      expect(responses.values).to.deep.equal([c.id, b.id, a.id]);
    });

    it('for - once more names others', async () => {
      expect((await master.createParallel().addTask('id').for(a).for(b).execute()).values).to.deep.equal([b.id]);
    });

    it('for - a slave that joins the group later takes part from then on', async () => {
      const parallel = master.createParallel().addTask('id').for('newcomers');
      a.group = 'newcomers';
      const before = await parallel.execute();
      b.group = 'newcomers';
      const after = await parallel.execute();
      a.group = b.group = 'workers';
      expect([before.values, after.values]).to.deep.equal([[a.id], [a.id, b.id]]);
    });

    it('without for - the least busy executes it', async () => {
      const waiting = master.createParallel().addTask('wait').for(a).addTask('wait').for(c).execute();
      const { values } = await master.createParallel().addTask('id').execute();
      await Promise.all([a.exec('go on'), c.exec('go on')]);
      await waiting;
      expect(values).to.deep.equal([b.id]);
    });

    it('without for - the tasks of one run spread', async () => {
      const { values } = await master.createParallel().addTask('id').addTask('id').addTask('id').execute();
      expect(values).to.have.members([a.id, b.id, c.id]);
    });

    it('without for - a slave that is on its way out gets nothing', async () => {
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

    it('times - executes so many copies of just this task', async () => {
      const parallel = master.createParallel().addTask('echo', 1).times(3).for(a, b).addTask('echo', 2).addTask('echo', 3).times(0);
      const responses = await parallel.execute();
      expect(responses.values).to.deep.equal([1, 1, 1, 1, 1, 1, 2]);
      expect(responses.slice(0, 6).map(({ from }) => from)).to.deep.equal([a.id, b.id, a.id, b.id, a.id, b.id]);
    });

    it('removeTask - takes an object, or every task of a name', async () => {
      const parallel = master.createParallel();
      const one = parallel.addTask('echo', 1);
      parallel.addTask('id').for(a).addTask('echo', 2).addTask('id').for(b);
      expect((await parallel.removeTask(one).execute()).values).to.deep.equal([a.id, 2, b.id]);
      expect((await parallel.removeTask('id').execute()).values).to.deep.equal([2]);
      expect((await parallel.removeTask('nobody').removeTask(one).execute()).values).to.deep.equal([2]);
    });

    it('none - of no task, there is no response', async () => {
      expect([...(await master.createParallel().execute())]).to.deep.equal([]);
    });

    it('reuse - runs may overlap, and each has its own responses', async () => {
      const parallel = master.createParallel().addTask('echo', { some: 'data' }).for(a, b);
      const runs = await Promise.all([parallel.execute(), parallel.execute(), parallel.execute()]);
      for (const { values } of runs) expect(values).to.deep.equal([{ some: 'data' }, { some: 'data' }]);
    });

    it('reuse - a run is what the parallel was when it began', async () => {
      const parallel = master.createParallel();
      const running = parallel.addTask('echo', 1).for(a).execute();
      parallel.removeTask('echo').addTask('echo', 2);
      expect((await running).values).to.deep.equal([1]);
      expect((await parallel.execute()).values).to.deep.equal([2]);
    });

    it('metadata - travel, are never changed, and are those of when the task was added', async () => {
      const metadata = Object.freeze({ user: 'Ann', timeout: '10s', nested: { deep: true } });
      const mutable = { user: 'Ben' };
      const parallel = master.createParallel().addTask('metadata', null, metadata).addTask('metadata', null, mutable);
      mutable.user = 'Eve';
      expect((await parallel.execute({ timeout: '10s' })).values).to.deep.equal([{ user: 'Ann', nested: { deep: true } }, { user: 'Ben' }]);
    });
  });

  describe('what goes wrong', () => {
    it('error - of one task leaves the others alone', async () => {
      const responses = await master.createParallel().addTask('fail', 'on purpose').addTask('echo', 1).addTask('no such task').execute();
      expect(responses.map(({ ok }) => ok)).to.deep.equal([false, true, false]);
      expect(responses[0].error).to.be.an.instanceOf(RangeError).with.property('message', 'on purpose');
      expect(responses[2].error).to.have.property('code', 'UNKNOWN_TASK');
    });

    it('rejectOnError - of a task rejects with its error, and aborts what still runs', async () => {
      const responded = once(a, 'response');
      const parallel = master
        .createParallel()
        .addTask('until aborted')
        .for(a)
        .addTask('fail', 'on purpose', { rejectOnError: true })
        .for(b);
      expect(await failure(parallel.execute())).to.be.an.instanceOf(RangeError);
      expect(await responded)
        .to.have.nested.property('[0].error')
        .that.is.an.instanceOf(AbortError);
      expect((await a.exec('executed')).value).to.equal('aborted');
      expect(a.pending).to.equal(0);
    });

    it('rejectOnError - of a slave does too', async () => {
      const strict = master.createSlave(TASKS, { rejectOnError: true, runtime: 'inline' });
      expect(await failure(master.createParallel().addTask('fail', 'on purpose').for(strict).execute())).to.be.an.instanceOf(RangeError);
      await strict.exit();
    });

    it('retries - are of each task', async () => {
      const [response] = await master.createParallel().addTask('fail at first', null, { retries: 2 }).execute();
      expect(response).to.include({ value: 3, attempt: 3 });
    });

    it('unknown slave - rejects before anything is executed', async () => {
      const fresh = master.createSlave(TASKS);
      const parallel = master.createParallel().addTask('id').for(fresh).addTask('id').for('nobody');
      expect(await failure(parallel.execute()))
        .to.be.an.instanceOf(UnknownSlaveError)
        .with.property('selector', 'nobody');
      expect((await fresh.exec('executed')).value).to.equal(0);
      await fresh.exit();
    });

    it('no slave - rejects', async () => {
      const alone = new Master();
      expect(await failure(alone.createParallel().addTask('id').execute()))
        .to.be.an.instanceOf(NoSlaveError)
        .with.property('task', 'id');
      const empty = master.createParallel().addTask('id').for([]);
      expect(await failure(empty.execute())).to.be.an.instanceOf(NoSlaveError);
    });

    it('death - costs what the slave was executing, and no more', async () => {
      const mortal = master.createSlave(TASKS);
      const parallel = master.createParallel().addTask('deaf').for(mortal).addTask('die').for(mortal).addTask('id').for(a, mortal);
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

  describe('the whole', () => {
    it('signal - ends everything that has no response yet', async () => {
      const controller = new AbortController();
      const parallel = master.createParallel().addTask('until aborted').for(a).addTask('echo', 1).for(b);
      const responding = parallel.execute({ signal: controller.signal });
      await once(b, 'response');
      controller.abort(new Error('enough'));
      const [aborted, echoed] = await responding;
      expect(aborted.error).to.be.an.instanceOf(AbortError).with.nested.property('reason.message', 'enough');
      expect(echoed.value).to.equal(1);
      expect(getEventListeners(controller.signal, 'abort')).to.deep.equal([]);
    });

    it('signal - one that is aborted already lets nothing be sent', async () => {
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

    it('signal - is joined with the one of a task', async () => {
      const own = new AbortController();
      const whole = new AbortController();
      const parallel = master.createParallel();
      parallel
        .addTask('deaf', null, { signal: own.signal })
        .for(a)
        .addTask('deaf', null, { signal: own.signal })
        .for(b)
        .addTask('wait')
        .for(c);
      const responding = parallel.execute({ signal: whole.signal });
      own.abort('own');
      await c.exec('go on');
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

    it('timeout - is a deadline for everything', async () => {
      const responses = await master.createParallel().addTask('deaf').for('workers').addTask('echo', 1).for(c).execute({ timeout: 50 });
      expect(responses.map(({ error }) => error?.constructor)).to.deep.equal([TimeoutError, TimeoutError, undefined]);
    });

    it('timeout - the shorter one counts: of the task, of the slave, or of the whole', async () => {
      const hasty = master.createSlave(TASKS, { runtime: 'inline', timeout: 15 });
      const parallel = master.createParallel();
      parallel.addTask('deaf', null, { timeout: 10 }).for(c).addTask('deaf').for(hasty).addTask('deaf', null, { timeout: '1h' }).for(c);
      const { errors } = await parallel.execute({ timeout: '30ms' });
      const [task, slave, whole] = errors.map((error) => (error instanceof TimeoutError ? error.timeout : NaN));
      expect([task, slave]).to.deep.equal([10, 15]);
      expect(whole).to.be.within(1, 30);
      await hasty.kill();
    });

    it('timeout - zero or less is none', async () => {
      expect((await master.createParallel().addTask('id').for(a).execute({ timeout: 0 })).values).to.deep.equal([a.id]);
    });

    it('leaks - a long-lived signal has no listener after a thousand runs, and there was no warning', async () => {
      const warnings: Error[] = [];
      const warn = (warning: Error) => warnings.push(warning);
      process.on('warning', warn);
      const { signal } = new AbortController();
      const parallel = master.createParallel().addTask('echo', 1, { signal }).for(c).times(20);
      for (let i = 0; i < 50; i++) await parallel.execute({ signal, timeout: '1m' });
      process.off('warning', warn);
      expect(getEventListeners(signal, 'abort')).to.deep.equal([]);
      expect(warnings).to.deep.equal([]);
    });
  });
});
