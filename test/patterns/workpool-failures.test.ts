import { once } from 'node:events';
import { expect } from 'chai';
import { Master, SlaveDiedError, SlaveExitedError, SpawnError, TimeoutError, UnknownTaskError } from 'dist-io';
import type { Response, Runtime, SlaveHandle } from 'dist-io';
import { alwaysRetry } from '../support/always-retry';
import { fixture } from '../support/fixture';

const TASKS = fixture('patterns/workpool-tasks.js');

describe('workpool: failures', () => {
  let master: Master;
  const create = (count: number, runtime: Runtime = 'inline'): SlaveHandle[] => [...master.createSlaves(count, TASKS, { runtime })];
  beforeEach(() => {
    master = new Master();
  });
  afterEach(() => master.exit({ pending: 'abort' }));

  const begun = async (slave: SlaveHandle): Promise<unknown> => (await slave.exec('begun')).value;
  const facts = ({ from, attempt, value }: Response): unknown => ({ from, attempt, value });

  describe('lost members', () => {
    it('death - fails the running job; waiting jobs go to other members, and the member is removed', async () => {
      const [a, b] = create(2, 'thread');
      const pool = master.createWorkpool(a, b);
      const holding = pool.do('hold');
      const dying = pool.do('die');
      const waiting = [pool.do('id'), pool.do('id')];
      expect((await dying).error)
        .to.be.instanceOf(SlaveDiedError)
        .and.to.include({ mayHaveExecuted: true, exitCode: 3 });
      await a.exec('release');
      await holding;
      expect((await Promise.all(waiting)).map(facts)).to.deep.equal(Array(2).fill({ from: a.id, attempt: 1, value: a.id }));
      expect(pool.slaves).to.deep.equal([a]);
    });

    it('death - an idle member that died gets no job', async () => {
      const [a, b] = create(2);
      const pool = master.createWorkpool(a, b);
      await a.kill();
      expect(facts(await pool.do('id'))).to.deep.equal({ from: b.id, attempt: 1, value: b.id });
      expect(pool.slaves).to.deep.equal([b]);
    });

    it('death - of the last member fails waiting and new jobs with its error', async () => {
      const [a] = create(1, 'thread');
      const pool = master.createWorkpool(a, { refillTimeout: 0 });
      const dying = pool.do('die', null, { retries: alwaysRetry(3) });
      const waiting = [pool.do('id'), pool.do('id', null, { priority: 1 })];
      expect((await dying).error)
        .to.be.instanceOf(SlaveDiedError)
        .and.to.include({ mayHaveExecuted: true });
      for (const response of [...(await Promise.all(waiting)), await pool.do('id')]) {
        expect(response.error).to.be.instanceOf(SlaveDiedError).and.to.include({ mayHaveExecuted: false });
        expect(response).to.include({ from: a.id, attempt: 1 });
      }
      const [b] = create(1);
      expect((await pool.add(b).do('id')).value).to.equal(b.id);
    });

    it('death - each job gets its own error object', async () => {
      const [a] = create(1);
      const pool = master.createWorkpool(a, { refillTimeout: 0 });
      await a.kill();
      const [one, other] = await Promise.all([pool.do('id'), pool.do('id')]);
      expect(one.error).to.be.instanceOf(SlaveExitedError).and.not.to.equal(other.error);
    });

    it('start - the jobs of a slave that does not start move to another member', async () => {
      const missing = master.createSlave('./no-such-file.js');
      const [a] = create(1);
      const pool = master.createWorkpool(missing, a, { concurrency: 2 });
      const responses = await Promise.all([1, 2, 3, 4, 5].map((i) => pool.do('echo', i)));
      expect(responses.map(facts)).to.deep.equal([1, 2, 3, 4, 5].map((value) => ({ from: a.id, attempt: 1, value })));
    });

    it('start - every job gets a SpawnError when no slave starts', async () => {
      const pool = master.createWorkpool(...master.createSlaves(2, './no-such-file.js'), { refillTimeout: 0 });
      const responses = await Promise.all([1, 2, 3].map((i) => pool.do('echo', i, { retries: alwaysRetry(2) })));
      for (const { error, attempt } of responses)
        expect({ error: error?.constructor, attempt }).to.deep.equal({ error: SpawnError, attempt: 1 });
    });

    it('exit - an exiting member finishes its jobs and gets no new ones', async () => {
      const [a, b] = create(2);
      const pool = master.createWorkpool(a, b, { concurrency: 2 });
      const holding = pool.do('hold', 'held');
      const exiting = a.exit();
      expect((await Promise.all([pool.do('id'), pool.do('id'), pool.do('id')])).map(({ value }) => value)).to.deep.equal(
        Array(3).fill(b.id),
      );
      expect(pool.slaves).to.deep.equal([b]);
      // It takes no orders any more.
      expect((await a.exec('release')).error).to.be.instanceOf(SlaveExitedError);
      await a.exit({ pending: 'abort' });
      expect((await holding).error)
        .to.be.instanceOf(SlaveExitedError)
        .and.to.include({ mayHaveExecuted: true });
      await exiting;
    });
  });

  describe('retries', () => {
    it('retries - run on another member', async () => {
      const [a, b] = create(2);
      const pool = master.createWorkpool(a, b);
      expect((await pool.do('fail on', a.id)).error?.message).to.equal(`not on ${a.id}`);
      await pool.do('id');
      const response = await pool.do('fail on', a.id, { retries: alwaysRetry(1) });
      expect(facts(response)).to.deep.equal({ from: b.id, attempt: 2, value: { id: b.id, attempt: 2 } });
    });

    it('retries - wait for another member even if the last one is idle', async () => {
      const [a, b] = create(2);
      const pool = master.createWorkpool(a, b);
      const failed = once(a, 'response');
      const failing = pool.do('fail on', a.id, { retries: alwaysRetry(1) });
      const holding = pool.do('hold');
      await failed;
      expect((await pool.do('id')).value).to.equal(a.id);
      expect(pool).to.include({ running: 1, waiting: 1 });
      await b.exec('release');
      await holding;
      expect(facts(await failing)).to.deep.equal({ from: b.id, attempt: 2, value: { id: b.id, attempt: 2 } });
    });

    it('retries - run on the same member if it is the only one', async () => {
      const [a, b] = create(2);
      const pool = master.createWorkpool(a);
      expect(facts(await pool.do('fail before', 3, { retries: alwaysRetry(2) }))).to.deep.include({ from: a.id, attempt: 3 });

      pool.add(b);
      const holding = pool.do('hold');
      const failed = once(a, 'response');
      const failing = pool.do('fail before', 2, { retries: alwaysRetry(1) });
      await failed;
      pool.remove(b);
      expect(facts(await failing)).to.deep.include({ from: a.id, attempt: 2 });
      await b.exec('release');
      await holding;
    });

    it('retries - the response has the last error when they are used up', async () => {
      const [a, b] = create(2);
      const { error, attempt, from } = await master.createWorkpool(a, b).do('fail before', 9, { retries: alwaysRetry(2) });
      expect({ message: error?.message, attempt, from }).to.deep.equal({ message: 'not at 3', attempt: 3, from: a.id });
    });

    it('retries - run before other jobs of their priority', async () => {
      const [a] = create(1);
      const pool = master.createWorkpool(a);
      const order: string[] = [];
      const note = (name: string) => () => order.push(name);
      await Promise.all([
        pool.do('fail before', 2, { retries: alwaysRetry(1) }).then(note('retried')),
        pool.do('id').then(note('equal')),
        pool.do('id', null, { priority: 1 }).then(note('higher')),
      ]);
      expect(order).to.deep.equal(['higher', 'retried', 'equal']);
    });

    it('retries - a job is retried after a death', async () => {
      const [a, b] = create(2, 'thread');
      const pool = master.createWorkpool(a, b);
      const working = pool.do('hold or die', a.id, { retries: alwaysRetry(1) });
      await once(b, 'request');
      await b.exec('release');
      expect(facts(await working)).to.deep.equal({ from: b.id, attempt: 2, value: b.id });
    });

    it("retries - without members left, the job's own error is reported", async () => {
      const [a, b] = create(2);
      const pool = master.createWorkpool(a, b, { refillTimeout: 0 });
      const failed = once(a, 'response');
      const failing = pool.do('fail on', a.id, { retries: alwaysRetry(1) });
      const holding = pool.do('hold');
      await failed;
      await Promise.all([a.kill(), b.kill()]);
      expect((await holding).error).to.be.instanceOf(SlaveExitedError);
      const { error, from, attempt } = await failing;
      expect({ message: error?.message, from, attempt }).to.deep.equal({ message: `not on ${a.id}`, from: a.id, attempt: 1 });
    });

    it('retries - a job that the timeout of a slave has given up is not executed a second time beside the first', async () => {
      const [a, b] = create(2);
      a.timeout = 5;
      const { error, attempt } = await master.createWorkpool(a, b).do('hold', 'held', { retries: alwaysRetry(1) });
      expect({ error: error?.constructor, attempt }).to.deep.equal({ error: TimeoutError, attempt: 1 });
      expect(await begun(b)).to.deep.equal([]);
    });

    it('retries - a timeout of the job itself is not retried', async () => {
      const [a, b] = create(2);
      const { error, attempt } = await master.createWorkpool(a, b).do('hold', 'held', { retries: alwaysRetry(3), timeout: 5 });
      expect({ error: error?.constructor, attempt }).to.deep.equal({ error: TimeoutError, attempt: 1 });
      expect(await begun(b)).to.deep.equal([]);
    });

    it('retries - a number is for slaves that are lost, and not for errors that the task throws', async () => {
      const [a, b] = create(2, 'thread');
      const thrown = await master.createWorkpool(a, b).do('fail', 'once', { retries: 3 });
      expect([thrown.error?.message, thrown.attempt]).to.deep.equal(['once', 1]);
      const working = master.createWorkpool(a, b).do('hold or die', a.id, { retries: 1 });
      await once(b, 'request');
      await b.exec('release');
      expect(facts(await working)).to.deep.equal({ from: b.id, attempt: 2, value: b.id });
    });

    it('retries - on decides by the error, also about slaves that are lost', async () => {
      const [a, b, c] = create(3, 'thread');
      const pool = master.createWorkpool(a, b, c);
      const asked: string[] = [];
      const retries = { times: 5, on: (error: Error) => asked.push(error.name) < 2 };
      expect(await pool.do('fail', 'now', { retries })).to.include({ attempt: 2 });
      expect((await pool.do('die', null, { retries: { times: 1, on: () => false } })).attempt).to.equal(1);
      expect(asked).to.deep.equal(['RangeError', 'RangeError']);
    });

    it('retries - an error that every member would return is not retried', async () => {
      const [a, b] = create(2);
      const pool = master.createWorkpool(a, b);
      const unknown = await pool.do('make tea', null, { retries: alwaysRetry(2) });
      expect(unknown.error).to.be.instanceOf(UnknownTaskError);
      const mangled = await pool.do('echo', { fn: () => 'a function' }, { retries: alwaysRetry(2) });
      expect(mangled.error).to.include({ code: 'NOT_SERIALIZABLE' });
      expect([unknown.attempt, mangled.attempt]).to.deep.equal([1, 1]);
    });

    it('retries - an abort settles a job that waits for its retry', async () => {
      const [a, b] = create(2);
      const pool = master.createWorkpool(a, b);
      const controller = new AbortController();
      const failed = once(a, 'response');
      const failing = pool.do('fail on', a.id, { retries: alwaysRetry(1), signal: controller.signal });
      void pool.do('hold');
      await failed;
      expect(pool.waiting).to.equal(1);
      controller.abort();
      const { error, attempt, from } = await failing;
      expect({ code: (error as { code?: string }).code, attempt, from }).to.deep.equal({ code: 'ABORTED', attempt: 1, from: a.id });
      expect(pool.waiting).to.equal(0);
    });

    it('exit - waits for retries', async () => {
      const [a, b] = create(2);
      const pool = master.createWorkpool(a, b);
      const failing = pool.do('fail before', 3, { retries: alwaysRetry(2) });
      await pool.exit();
      expect((await failing).value).to.deep.equal({ id: a.id, attempt: 3 });
    });
  });
});
