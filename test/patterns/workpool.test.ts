import { getEventListeners, once } from 'node:events';
import { expect } from 'chai';
import {
  AbortError,
  Master,
  NoSlaveError,
  QueueFullError,
  SlaveExitedError,
  TimeoutError,
  UnknownSlaveError,
  type Workpool,
} from 'dist-io';
import type { Response, SlaveHandle, WorkpoolOptions } from 'dist-io';
import { fixture } from '../support/fixture';
import { rejection } from '../support/rejection';

const TASKS = fixture('patterns/workpool-tasks.js');

describe('workpool', () => {
  let master: Master;
  let a: SlaveHandle, b: SlaveHandle, c: SlaveHandle;
  beforeEach(() => {
    master = new Master({ runtime: 'inline' });
    [a, b, c] = master.createSlaves(3, TASKS, { alias: 'worker', group: 'workers' });
  });
  afterEach(() => master.exit({ pending: 'abort' }));

  const begun = async (slave: SlaveHandle): Promise<unknown> => (await slave.exec('begun')).value;

  /** A pool of one slave which is at work, so that what comes next must wait. */
  const busyPool = (options: WorkpoolOptions = {}): { pool: Workpool; first: Promise<Response> } => {
    const pool = master.createWorkpool(a, options);
    return { pool, first: pool.do('hold', 'first') };
  };

  /** Lets work that waits come one by one to the slave, and sees in which order. */
  const orderOf = async (pool: Workpool): Promise<unknown> => {
    while (pool.running > 0) {
      const answered = once(a, 'response');
      await a.exec('release');
      await answered;
    }
    return begun(a);
  };

  describe('execution', () => {
    it('do - resolves the response of a member', async () => {
      const response = await master.createWorkpool(a).do('echo', { some: 'data' });
      expect(response).to.include({ ok: true, from: a.id, task: 'echo', attempt: 1 });
      expect(response.value).to.deep.equal({ some: 'data' });
    });

    it('do - selects an idle member', async () => {
      const pool = master.createWorkpool(a, b, c);
      const holding = [pool.do('hold'), pool.do('hold')];
      expect((await pool.do('id')).value).to.equal(c.id);
      expect((await pool.do('id')).value).to.equal(c.id);
      await Promise.all([a.exec('release'), b.exec('release'), ...holding]);
    });

    it('do - a member runs one job at a time, the others wait', async () => {
      const pool = master.createWorkpool(a, b);
      const working = [1, 2, 3, 4, 5].map((i) => pool.do('hold', i));
      expect(pool).to.include({ running: 2, waiting: 3 });
      expect([await begun(a), await begun(b)]).to.deep.equal([[1], [2]]);
      await b.exec('release');
      await working[1];
      expect(pool).to.include({ running: 2, waiting: 2 });
      expect([await begun(a), await begun(b)]).to.deep.equal([[1], [2, 3]]);
      await pool.exit({ pending: 'abort' });
    });

    it('selection - idle members take turns', async () => {
      const pool = master.createWorkpool(a, b, c);
      const ids = [];
      for (let i = 0; i < 6; i++) ids.push((await pool.do('id')).value);
      expect(ids).to.deep.equal([a, b, c, a, b, c].map(({ id }) => id));
    });

    it('selection - the member that became idle last is selected last', async () => {
      const pool = master.createWorkpool(a, b, c);
      const holding = pool.do('hold');
      const ids = [];
      for (let i = 0; i < 3; i++) ids.push((await pool.do('id')).value);
      await a.exec('release');
      await holding;
      for (let i = 0; i < 3; i++) ids.push((await pool.do('id')).value);
      expect(ids).to.deep.equal([b, c, b, a, c, b].map(({ id }) => id));
    });

    it('selection - a member that is busy outside of the pool is not idle', async () => {
      const pool = master.createWorkpool(a, b);
      const elsewhere = a.exec('hold');
      expect((await pool.do('id')).value).to.equal(b.id);
      expect((await pool.do('id')).value).to.equal(b.id);
      await Promise.all([a.exec('release'), elsewhere]);
    });

    it('selection - a member that still runs a cancelled job is selected last', async () => {
      const pool = master.createWorkpool(a, b);
      expect((await pool.do('hold', 'stuck', { timeout: 5 })).from).to.equal(a.id);
      const ids = [];
      for (let i = 0; i < 3; i++) ids.push((await pool.do('id')).value);
      await a.exec('release');
      for (let i = 0; i < 2; i++) ids.push((await pool.do('id')).value);
      expect(ids).to.deep.equal([b, b, b, a, b].map(({ id }) => id));
    });

    it('concurrency - a member runs several jobs at a time, idle members first', async () => {
      const pool = master.createWorkpool(a, b, { concurrency: 2 });
      const working = [1, 2, 3, 4, 5].map((i) => pool.do('hold', i));
      expect([await begun(a), await begun(b)]).to.deep.equal([
        [1, 3],
        [2, 4],
      ]);
      expect(pool).to.include({ running: 4, waiting: 1 });
      await Promise.all([a.exec('release all'), b.exec('release all'), working[0]]);
      await Promise.all([a.exec('release all'), b.exec('release all'), ...working]);
    });

    it('order - jobs of one priority run first come, first served', async () => {
      const { pool } = busyPool();
      for (const data of ['second', 'third', 'fourth']) void pool.do('hold', data);
      expect(await orderOf(pool)).to.deep.equal(['first', 'second', 'third', 'fourth']);
    });

    it('priority - higher priorities run first, equal ones in their order', async () => {
      const { pool } = busyPool();
      for (const priority of [0, -1, 5, 0.5, 5, Infinity, -1, undefined]) void pool.do('hold', priority, { priority });
      expect(await orderOf(pool)).to.deep.equal(['first', Infinity, 5, 5, 0.5, 0, undefined, -1, -1]);
    });

    it("metadata - keys that are not the pool's are sent, and the object is not changed", async () => {
      const metadata = Object.freeze({ priority: 1, retries: 2, timeout: '5s', rejectOnError: false, color: 'red' });
      expect((await master.createWorkpool(a).do('metadata', null, metadata)).value).to.deep.equal({ color: 'red' });
    });

    it('runtimes - process, thread and inline slaves may be mixed', async () => {
      const mixed = [a, master.createSlave(TASKS, { runtime: 'thread' }), master.createSlave(TASKS, { runtime: 'process' })];
      const pool = master.createWorkpool(...mixed);
      const holding = mixed.map(() => pool.do('hold'));
      await master.broadcast('release').to(...mixed);
      expect((await Promise.all(holding)).map(({ from }) => from)).to.deep.equal(mixed.map(({ id }) => id));
    });
  });

  describe('queue', () => {
    it('timeout - a job that times out in the queue is settled and never sent', async () => {
      const { pool, first } = busyPool();
      const { error } = await pool.do('hold', 'second', { timeout: 5 });
      expect(error).to.be.instanceOf(TimeoutError).and.to.include({ task: 'hold', slave: null, timeout: 5 });
      expect(pool.waiting).to.equal(0);
      await a.exec('release');
      await first;
      expect(await begun(a)).to.deep.equal(['first']);
    });

    it('timeout - applies to a running job', async () => {
      const { error } = await master.createWorkpool(a).do('hold', 'first', { timeout: 5 });
      expect(error).to.be.instanceOf(TimeoutError).and.to.include({ slave: 'slave 0 (worker)', timeout: 5 });
    });

    it('timeout - starts with do', async () => {
      const { pool } = busyPool();
      const timed = pool.do('hold', 'second', { timeout: 250 });
      await a.exec('hold', undefined, { timeout: 50 });
      await a.exec('release');
      // Begins with the job on its slave and ends before a job whose time would begin only then.
      const other = a.exec('hold', undefined, { timeout: 225 });
      const { error } = await Promise.race([timed, other]);
      await other;
      // Not what was left of it when the work was sent.
      expect(error).to.be.instanceOf(TimeoutError).with.property('timeout', 250);
    });

    it('signal - a job aborted in the queue is settled and never sent', async () => {
      const { pool, first } = busyPool();
      const controller = new AbortController();
      const waiting = ['second', 'third'].map((data) => pool.do('hold', data, { signal: controller.signal }));
      controller.abort('enough');
      for (const { error } of await Promise.all(waiting)) expect(error).to.be.instanceOf(AbortError).and.to.include({ reason: 'enough' });
      expect(pool.waiting).to.equal(0);
      await a.exec('release');
      await first;
      expect(await begun(a)).to.deep.equal(['first']);
    });

    it('signal - with an aborted signal the job is not sent', async () => {
      const { pool } = busyPool();
      const signal = AbortSignal.abort('before');
      expect((await pool.do('hold', 'second', { signal })).error).to.be.instanceOf(AbortError);
      expect((await master.createWorkpool(b).do('hold', 'third', { signal })).error).to.be.instanceOf(AbortError);
      expect(await begun(b)).to.deep.equal([]);
    });

    it('signal - all jobs share one listener, which is removed at the end', async () => {
      const { pool, first } = busyPool();
      const { signal } = new AbortController();
      const waiting = Array.from({ length: 50 }, () => pool.do('echo', 1, { signal }));
      expect(getEventListeners(signal, 'abort')).to.have.length(1);
      await a.exec('release');
      await Promise.all([first, ...waiting]);
      expect(getEventListeners(signal, 'abort')).to.have.length(0);
    });

    it('maxQueue - a further job fails with QueueFullError', async () => {
      const { pool, first } = busyPool({ maxQueue: 1 });
      const second = pool.do('hold', 'second');
      const { error, attempt, from } = await pool.do('hold', 'third');
      expect(error).to.be.instanceOf(QueueFullError).and.to.include({ code: 'QUEUE_FULL', task: 'hold', limit: 1 });
      expect({ attempt, from }).to.deep.equal({ attempt: 1, from: a.id });
      await a.exec('release');
      await first;
      const fourth = pool.do('hold', 'fourth');
      expect(await orderOf(pool)).to.deep.equal(['first', 'second', 'fourth']);
      expect((await Promise.all([second, fourth])).map(({ ok }) => ok)).to.deep.equal([true, true]);
    });

    it('maxQueue - with 0 a job runs at once or fails', async () => {
      const { pool } = busyPool({ maxQueue: 0 });
      expect((await pool.do('id')).error).to.be.instanceOf(QueueFullError);
      pool.add(b);
      expect((await pool.do('id')).value).to.equal(b.id);
    });

    it('rejectOnError - of the metadata or of the slave rejects', async () => {
      const { pool } = busyPool({ maxQueue: 0 });
      expect(await rejection(pool.do('id', null, { rejectOnError: true }))).to.be.instanceOf(QueueFullError);
      expect(await rejection(master.createWorkpool(b).do('fail', 'text', { rejectOnError: true }))).to.be.instanceOf(RangeError);
      b.rejectOnError = true;
      expect(await rejection(master.createWorkpool(b).do('fail', 'text'))).to.be.instanceOf(RangeError);
      expect((await master.createWorkpool(b).do('fail', 'text', { rejectOnError: false })).error).to.be.instanceOf(RangeError);
    });
  });

  describe('members', () => {
    it('selectors - select the members, each once', () => {
      expect(master.createWorkpool('workers', a, [b.id, 'worker-2']).slaves).to.deep.equal([a, b, c]);
      expect(master.createWorkpool('worker-2', [a], { concurrency: 3 }).slaves).to.deep.equal([c, a]);
    });

    it('selectors - an unknown one throws', () => {
      expect(() => master.createWorkpool(a, 'nobody')).to.throw(UnknownSlaveError);
      const pool = master.createWorkpool(a);
      expect(() => pool.add('nobody')).to.throw(UnknownSlaveError);
      expect(() => pool.remove('nobody')).to.throw(UnknownSlaveError);
    });

    it('add - the new member gets a waiting job', async () => {
      const { pool } = busyPool();
      const waiting = pool.do('id');
      pool.add(b);
      expect((await waiting).value).to.equal(b.id);
      expect(pool.slaves).to.deep.equal([a, b]);
    });

    it('add - a slave that is a member already changes nothing', async () => {
      const { pool } = busyPool();
      void pool.do('hold', 'second');
      pool.add(a);
      expect([pool.slaves.length, pool.running, pool.waiting]).to.deep.equal([1, 1, 1]);
      expect(await begun(a)).to.deep.equal(['first']);
    });

    it('remove - the member finishes its jobs and gets no new ones', async () => {
      const { pool, first } = busyPool();
      pool.add(b).remove(a);
      expect((await Promise.all([pool.do('id'), pool.do('id')])).map(({ value }) => value)).to.deep.equal([b.id, b.id]);
      await a.exec('release');
      expect((await first).value).to.equal('first');
      expect((await pool.do('id')).value).to.equal(b.id);
      expect(a.isAlive).to.equal(true);
    });

    it('remove - a member that is added again still has its running jobs', async () => {
      const { pool, first } = busyPool();
      pool.remove(a).add(a);
      const waiting = pool.do('id');
      expect(pool).to.include({ running: 1, waiting: 1 });
      await Promise.all([a.exec('release'), first, waiting]);
    });

    it('remove - a slave that is not a member is ignored', () => {
      expect(master.createWorkpool(a).remove(b).slaves).to.deep.equal([a]);
    });

    it('remove - of the last member fails waiting jobs with NoSlaveError', async () => {
      const { pool, first } = busyPool({ refillTimeout: 0 });
      const waiting = pool.do('id').catch((error: unknown) => error);
      pool.remove(a);
      expect(await waiting)
        .to.be.instanceOf(NoSlaveError)
        .and.to.include({ task: 'id' });
      await a.exec('release');
      expect((await first).value).to.equal('first');
    });

    it('remove - of the last member fails waiting jobs with NoSlaveError after earlier deaths', async () => {
      const { pool } = busyPool({ refillTimeout: 0 });
      pool.add(b);
      await b.kill();
      const waiting = rejection(pool.do('id'));
      pool.remove(a);
      expect(await waiting).to.be.instanceOf(NoSlaveError);
    });

    it('no members - do rejects until a member is added', async () => {
      const pool = master.createWorkpool({ refillTimeout: 0 });
      expect(await pool.do('id').catch((error: unknown) => error)).to.be.instanceOf(NoSlaveError);
      expect((await pool.add(a).do('id')).value).to.equal(a.id);
    });

    it('pools - a slave may be a member of several pools', async () => {
      const { pool } = busyPool();
      const other = master.createWorkpool(a, b);
      expect((await other.do('id')).value).to.equal(b.id);
      const third = other.do('hold', 'third');
      await b.exec('begun');
      expect((await other.do('id')).value).to.equal(a.id);
      await Promise.all([a.exec('release'), b.exec('release'), third, pool.drain()]);
    });
  });

  describe('drain and exit', () => {
    it('drain - resolves when no job waits or runs', async () => {
      const { pool, first } = busyPool();
      const answers: string[] = [];
      const working = [first, pool.do('echo'), pool.do('echo')].map((one) => one.then(() => answers.push('answer')));
      const drained = pool.drain().then(() => answers.push('drained'));
      await a.exec('release');
      await Promise.all([...working, drained]);
      expect(answers).to.deep.equal(['answer', 'answer', 'answer', 'drained']);
      await pool.drain();
    });

    it('exit - finishes all jobs, refuses new ones, and ends the members', async () => {
      const pool = master.createWorkpool(a, b);
      const working = [1, 2, 3, 4].map((i) => pool.do('echo', i));
      const exiting = pool.exit();
      const late = await pool.do('echo', 5);
      expect(late.error).to.be.instanceOf(SlaveExitedError).and.to.include({ mayHaveExecuted: false });
      expect((await Promise.all(working)).map(({ value }) => value)).to.deep.equal([1, 2, 3, 4]);
      expect((await exiting).map(({ id, code }) => [id, code])).to.deep.equal([
        [a.id, 0],
        [b.id, 0],
      ]);
      expect([a.isAlive, b.isAlive, c.isAlive]).to.deep.equal([false, false, true]);
    });

    it('exit - a second call resolves the same reports', async () => {
      const pool = master.createWorkpool(a, b);
      const reports = await pool.exit();
      expect(await pool.exit()).to.deep.equal(reports);
    });

    it("exit - with pending: 'abort' does not wait", async () => {
      const { pool, first } = busyPool();
      const waiting = pool.do('hold', 'second');
      const exiting = pool.exit();
      await pool.exit({ pending: 'abort' });
      expect((await first).error)
        .to.be.instanceOf(SlaveExitedError)
        .and.to.include({ mayHaveExecuted: true });
      expect((await waiting).error)
        .to.be.instanceOf(SlaveExitedError)
        .and.to.include({ mayHaveExecuted: false });
      await exiting;
      expect(a.isAlive).to.equal(false);
    });

    it('do - a stream with retries throws a TypeError', async () => {
      const { pool, first } = busyPool();
      const data = (function* () {
        yield 1;
      })();
      expect(() => pool.do('echo', data, { retries: 1 })).to.throw(TypeError, 'leave out metadata.retries');
      await a.exec('release');
      await first;
    });

    it('exit - throws on unknown options without any effect', async () => {
      const { pool, first } = busyPool();
      const waiting = pool.do('echo', 'second');
      for (const options of [{ pendng: 'abort' }, { pending: 'drop' }, 'abort', null] as never[])
        expect(() => pool.exit(options)).to.throw(TypeError);
      await a.exec('release');
      await first;
      expect((await waiting).value).to.equal('second');
      expect((await pool.do('echo', 'third')).value).to.equal('third');
    });

    it('exit - of a pool without members resolves no reports', async () => {
      const pool = master.createWorkpool();
      expect(await pool.exit()).to.deep.equal([]);
      expect(await rejection(pool.do('id'))).to.be.instanceOf(SlaveExitedError);
    });
  });

  describe('while', () => {
    it('while - executes as long as the condition is true', async () => {
      const asked: number[] = [];
      const responses = await master
        .createWorkpool(a, b)
        .while((i) => asked.push(i) <= 5)
        .do('echo', 7);
      expect(responses.values).to.deep.equal([7, 7, 7, 7, 7]);
      expect(responses.sum).to.equal(35);
      expect(asked).to.deep.equal([0, 1, 2, 3, 4, 5]);
    });

    it('while - the condition gets the responses so far; the result is in the order of the starts', async () => {
      const pool = master.createWorkpool(a, b);
      const seen: unknown[] = [];
      const repeating = pool
        .while((i, responses) => {
          seen.push(responses.map(({ from }) => from));
          return i < 3;
        })
        .do('hold', 'data');
      await b.exec('release');
      await b.exec('release');
      await a.exec('release');
      expect((await repeating).map(({ from }) => from)).to.deep.equal([a.id, b.id, b.id]);
      expect(seen).to.deep.equal([[], [], [b.id], [b.id, b.id]]);
    });

    it('while - starts no more jobs than the members can run', async () => {
      const pool = master.createWorkpool(a, b, { concurrency: 2 });
      const repeating = pool.while((i) => i < 100).do('hold');
      expect(pool).to.include({ running: 4, waiting: 0 });
      pool.add(c);
      expect(pool).to.include({ running: 6, waiting: 0 });
      await pool.exit({ pending: 'abort' });
      expect(await repeating).to.have.length(6);
    });

    it('while - may execute nothing', async () => {
      const responses = await master
        .createWorkpool(a)
        .while(() => false)
        .do('echo');
      expect(responses).to.have.length(0);
    });

    it('while - errors are among the responses, or reject with rejectOnError', async () => {
      const repeat = master.createWorkpool(a).while((_, { errors }) => errors.length < 2);
      expect((await repeat.do('fail', 'text')).errors.map(({ message }) => message)).to.deep.equal(['text', 'text']);
      const error = await rejection(repeat.do('fail', 'text', { rejectOnError: true }));
      expect(error).to.be.instanceOf(RangeError);
    });

    it('while - ends when no member is left', async () => {
      const pool = master.createWorkpool(a, b, { refillTimeout: 0 });
      const repeating = pool.while(() => true).do('hold');
      await Promise.all([a.kill(), b.kill()]);
      const responses = await repeating;
      expect(responses.errors).to.have.length(responses.length);
      const again = await pool.while(() => true).do('hold');
      expect(again.errors[0]).to.be.instanceOf(SlaveExitedError);
      const none = await master
        .createWorkpool({ refillTimeout: 0 })
        .while(() => true)
        .do('hold')
        .catch((error: unknown) => error);
      expect(none).to.be.instanceOf(NoSlaveError);
    });

    it('while - waits for room in the queue', async () => {
      const { pool, first } = busyPool({ maxQueue: 0 });
      const repeating = pool.while((i) => i < 3).do('echo', 1);
      await a.exec('release');
      await first;
      expect((await repeating).values).to.deep.equal([1, 1, 1]);
    });

    it('while - rejects with the error of the condition', async () => {
      const pool = master.createWorkpool(a);
      const repeating = pool
        .while((i) => {
          if (i === 2) throw new RangeError('no more');
          return true;
        })
        .do('echo');
      expect(await rejection(repeating)).to.be.instanceOf(RangeError);
      await pool.drain();
    });
  });

  describe('arguments', () => {
    it('arguments - of a wrong type throw at once, with and without an idle member', () => {
      const { pool } = busyPool();
      expect(() => pool.do('')).to.throw(TypeError);
      expect(() => pool.do('echo', 1, { priority: NaN })).to.throw(TypeError, 'metadata.priority');
      expect(() => pool.do('echo', 1, { priority: 'high' as never })).to.throw(TypeError, 'metadata.priority');
      expect(() => pool.do('echo', 1, { timeout: 'soon' })).to.throw(TypeError, 'metadata.timeout');
      expect(() => pool.do('echo', 1, { retries: -1 })).to.throw(TypeError, 'metadata.retries');
      expect(() => pool.while('yes' as never)).to.throw(TypeError, 'condition');
      expect(() => pool.while(() => true).do('')).to.throw(TypeError);
      expect(pool).to.include({ running: 1, waiting: 0 });
    });

    it('options - wrong names and values throw', () => {
      expect(() => master.createWorkpool(a, { concurrency: 0 })).to.throw(TypeError, 'concurrency');
      expect(() => master.createWorkpool(a, { concurrency: Infinity })).to.throw(TypeError, 'concurrency');
      expect(() => master.createWorkpool(a, { maxQueue: -1 })).to.throw(TypeError, 'maxQueue');
      expect(() => master.createWorkpool(a, { size: 4 } as WorkpoolOptions)).to.throw(TypeError, `There is no option 'size'`);
      expect(() => master.createWorkpool(a, null as never)).to.throw(TypeError, 'A selector is');
    });
  });
});
