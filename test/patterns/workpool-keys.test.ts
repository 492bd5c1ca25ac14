import { once } from 'node:events';
import { expect } from 'chai';
import { AbortError, Master, SlavePausedError, TimeoutError, type Response, type SlaveHandle, type Workpool } from 'dist-io';
import { fixture } from '../support/fixture';
import { started } from './support/held-jobs';

const TASKS = fixture('patterns/workpool-tasks.js');
const KEYS = Array.from({ length: 300 }, (_, i) => `key ${i}`);

describe('workpool: keys', () => {
  let master: Master;
  let slaves: SlaveHandle[];
  beforeEach(async () => {
    master = new Master({ runtime: 'inline' });
    const group = master.createSlaves(4, TASKS);
    await group.ready();
    slaves = [...group];
  });
  afterEach(() => master.exit({ pending: 'abort' }));

  /** The id of the slave of each key. */
  const owners = async (pool: Workpool, keys: readonly (string | number)[] = KEYS): Promise<unknown[]> =>
    Promise.all(keys.map(async (key) => (await pool.do('id', null, { key })).unwrap()));

  /** Lets the jobs that hold a slave end one by one, until all of these have their response. */
  const release = async (slave: SlaveHandle, jobs: readonly Promise<Response>[]): Promise<void> => {
    for (const job of jobs) {
      await slave.exec('release');
      await job;
    }
  };

  describe('the slave of a key', () => {
    it('key - equal keys go to the same slave, different keys to all slaves', async () => {
      const pool = master.createWorkpool(slaves);
      const first = await owners(pool);
      expect(await owners(pool, [...KEYS].reverse())).to.deep.equal([...first].reverse());
      expect(new Set(first).size).to.equal(4);
    });

    it('key - the order of the members does not matter', async () => {
      expect(await owners(master.createWorkpool(slaves))).to.deep.equal(await owners(master.createWorkpool([...slaves].reverse())));
    });

    it('key - a number is the same key as its string', async () => {
      const pool = master.createWorkpool(slaves);
      const numbers = KEYS.map((_, i) => i);
      expect(await owners(pool, numbers)).to.deep.equal(await owners(pool, numbers.map(String)));
    });

    for (const [end, leave] of [
      ['was removed', (pool: Workpool, slave: SlaveHandle) => pool.remove(slave)],
      ['is exiting', (_: Workpool, slave: SlaveHandle) => void slave.exit()],
      ['was killed', (_: Workpool, slave: SlaveHandle) => slave.kill()],
    ] as const) {
      it(`key - only the keys of a member that ${end} move`, async () => {
        const pool = master.createWorkpool(slaves);
        const before = await owners(pool);
        await leave(pool, slaves[2]);
        const after = await owners(pool);
        const moved = KEYS.filter((_, i) => before[i] !== after[i]);
        expect(moved).to.deep.equal(KEYS.filter((_, i) => before[i] === slaves[2].id));
        expect(moved).not.to.have.length(0);
        expect(after).not.to.include(slaves[2].id);
      });
    }

    it('key - a new member takes over some keys and moves no others', async () => {
      const pool = master.createWorkpool(slaves.slice(1));
      const before = await owners(pool);
      pool.add(slaves[0]);
      const after = await owners(pool);
      const moved = after.filter((id, i) => id !== before[i]);
      expect(new Set(moved)).to.deep.equal(new Set([slaves[0].id]));
    });

    it('key - a replacement with the same alias gets the keys of its predecessor', async () => {
      const named = ['red', 'green', 'blue'].map((alias) => master.createSlave(TASKS, { alias }));
      const pool = master.createWorkpool(named);
      const before = await owners(pool);
      await named[1].kill();
      const replacement = master.createSlave(TASKS, { alias: 'green' });
      await replacement.ready();
      pool.add(replacement);
      expect(await owners(pool)).to.deep.equal(before.map((id) => (id === named[1].id ? replacement.id : id)));
    });

    it('key - a key waits for its slave while others are idle', async () => {
      const pool = master.createWorkpool(slaves);
      const owner = master.slave((await owners(pool, ['mine']))[0] as number);
      const other = KEYS[(await owners(pool)).indexOf(owner.id)];
      const holding = pool.do('hold', null, { key: 'mine' });
      const waiting = pool.do('id', null, { key: other });
      const plain = await Promise.all([1, 2, 3, 4].map(async () => (await pool.do('id')).value));
      expect(plain).not.to.include(owner.id);
      expect([pool.running, pool.waiting]).to.deep.equal([1, 1]);
      await release(owner, [holding]);
      expect((await waiting).value).to.equal(owner.id);
    });

    it('key - a paused slave keeps its keys and refuses their jobs', async () => {
      const pool = master.createWorkpool(slaves);
      const owner = master.slave((await owners(pool, ['mine']))[0] as number);
      await owner.exec('pause');
      expect((await pool.do('id', null, { key: 'mine' })).error).to.be.an.instanceOf(SlavePausedError);
    });

    it('key - the jobs of map and while accept a key and wait for its slave', async () => {
      const pool = master.createWorkpool(slaves, { maxQueue: 0 });
      const [id] = await owners(pool, ['mine']);
      const metadata = { key: 'mine' };
      const mapped: unknown[] = [];
      for await (const value of pool.map([1, 2, 3, 4, 5], 'id', { metadata })) mapped.push(value);
      expect(mapped).to.deep.equal([id, id, id, id, id]);
      expect((await pool.while((i) => i < 3).do('id', null, metadata)).values).to.deep.equal([id, id, id]);
    });
  });

  describe('order', () => {
    it('order - jobs of one key run one at a time, whatever the concurrency', async () => {
      const [slave] = slaves;
      const pool = master.createWorkpool(slave, { concurrency: 8 });
      const jobs = [1, 2, 3].map((n) => pool.do('hold', `a${n}`, { key: 'a' }));
      const other = pool.do('hold', 'b1', { key: 'b' });
      expect(await started(slave)).to.deep.equal(['a1', 'b1']);
      await slave.exec('release');
      await jobs[0];
      expect(await started(slave)).to.deep.equal(['a1', 'b1', 'a2']);
      await slave.exec('release');
      await other;
      await release(slave, jobs.slice(1));
      expect(await started(slave)).to.deep.equal(['a1', 'b1', 'a2', 'a3']);
    });

    it('order - jobs of one key run in the order of submission, whatever their priorities', async () => {
      const [slave] = slaves;
      const pool = master.createWorkpool(slave);
      const jobs = [
        pool.do('hold', 'first'),
        pool.do('hold', 'a1', { key: 'a' }),
        pool.do('hold', 'a2', { key: 'a', priority: 9 }),
        pool.do('hold', 'b1', { key: 'b', priority: 5 }),
        pool.do('hold', 'plain', { priority: 1 }),
      ];
      while (pool.running > 0) {
        const answered = once(slave, 'response');
        await slave.exec('release');
        await answered;
      }
      await Promise.all(jobs);
      expect(await started(slave)).to.deep.equal(['first', 'b1', 'plain', 'a1', 'a2']);
    });

    it('order - jobs of equal priority start in the order of submission, whatever their keys', async () => {
      const [slave] = slaves;
      const pool = master.createWorkpool(slave);
      const names = ['a1', 'a2', 'b1', 'plain', 'a3', 'b2'];
      const jobs = names.map((name) => pool.do('hold', name, name === 'plain' ? {} : { key: name[0] }));
      await release(slave, jobs);
      expect(await started(slave)).to.deep.equal(names);
    });

    it('order - a retry runs before later jobs of its key', async () => {
      const pool = master.createWorkpool(slaves, { concurrency: 4 });
      const ended: string[] = [];
      const retries = { times: 2, on: () => true };
      const note = (name: string) => (response: Response) => void ended.push(`${name}: ${response.ok} at ${response.attempt}`);
      await Promise.all([
        pool.do('fail before', 3, { key: 'a', retries }).then(note('first')),
        pool.do('echo', 1, { key: 'a' }).then(note('second')),
        pool.do('fail before', 2, { key: 'a', retries }).then(note('third')),
        pool.do('echo', 1, { key: 'a' }).then(note('fourth')),
      ]);
      expect(ended).to.deep.equal(['first: true at 3', 'second: true at 1', 'third: true at 2', 'fourth: true at 1']);
    });

    it('order - a timed-out job holds its key until the slave has answered', async () => {
      const [slave] = slaves;
      const pool = master.createWorkpool(slave, { concurrency: 4 });
      expect((await pool.do('hold', 'a1', { key: 'a', timeout: 5 })).error).to.be.an.instanceOf(TimeoutError);
      const next = pool.do('hold', 'a2', { key: 'a' });
      expect(await started(slave)).to.deep.equal(['a1']);
      await slave.exec('release');
      await release(slave, [next]);
      expect(await started(slave)).to.deep.equal(['a1', 'a2']);
    });

    it('order - after the death of the slave of a key, its running job is retried elsewhere before the next jobs', async () => {
      const own = master.createSlaves(2, TASKS, { runtime: 'thread' });
      await own.ready();
      const pool = master.createWorkpool(own, { concurrency: 4 });
      const victim = master.slave((await owners(pool, ['a']))[0] as number);
      const [survivor] = own.filter((slave) => slave !== victim);
      const first = pool.do('hold or die', victim.id, { key: 'a', retries: 1 });
      const second = pool.do('hold', 'second', { key: 'a' });
      while ((await survivor.exec('release')).error !== null) await survivor.exec('id');
      expect(await first).to.include({ from: survivor.id, attempt: 2 });
      while ((await survivor.exec('release')).error !== null) await survivor.exec('id');
      expect(await second).to.include({ from: survivor.id, value: 'second' });
    });
  });

  describe('jobs that wait', () => {
    it('abort - a job aborted while it waits for its key is never sent, and the next one runs', async () => {
      const [slave] = slaves;
      const pool = master.createWorkpool(slave, { concurrency: 4 });
      const controller = new AbortController();
      const { signal } = controller;
      const first = pool.do('hold', 1, { key: 'a' });
      const aborted = [pool.do('hold', 2, { key: 'a', signal }), pool.do('hold', 4, { key: 'a', signal })];
      const third = pool.do('hold', 3, { key: 'a' });
      controller.abort();
      for (const job of aborted) expect((await job).error).to.be.an.instanceOf(AbortError);
      expect(pool.waiting).to.equal(1);
      await release(slave, [first, third]);
      expect(await started(slave)).to.deep.equal([1, 3]);
    });

    it('timeout - a job that times out while it waits for its key is never sent', async () => {
      const [slave] = slaves;
      const pool = master.createWorkpool(slave, { concurrency: 4 });
      const first = pool.do('hold', 1, { key: 'a' });
      const late = await pool.do('hold', 2, { key: 'a', timeout: 5 });
      expect(late.error).to.include({ code: 'TIMEOUT', phase: 'queued' });
      await release(slave, [first]);
      expect(await started(slave)).to.deep.equal([1]);
    });

    it('drain - waits for jobs that wait for their key', async () => {
      const pool = master.createWorkpool(slaves, { concurrency: 2 });
      let done = 0;
      for (const key of [...KEYS, ...KEYS]) void pool.do('id', null, { key }).then(() => done++);
      await pool.drain();
      await Promise.resolve();
      expect([pool.waiting, pool.running, done]).to.deep.equal([0, 0, 600]);
    });

    it('exit - finishes all jobs of a key', async () => {
      const pool = master.createWorkpool(slaves);
      const jobs = [1, 2, 3].map((n) => pool.do('echo', n, { key: 'a' }));
      await pool.exit();
      expect((await Promise.all(jobs)).map(({ value }) => value)).to.deep.equal([1, 2, 3]);
    });

    it("exit - with pending: 'abort' aborts all jobs of a key", async () => {
      const pool = master.createWorkpool(slaves);
      const jobs = [1, 2, 3].map((n) => pool.do('hold', n, { key: 'a' }));
      await pool.exit({ pending: 'abort' });
      for (const { ok } of await Promise.all(jobs)) expect(ok).to.equal(false);
      expect(pool.waiting).to.equal(0);
    });

    it('refill - jobs with keys wait for a new member and run in their order', async () => {
      const [worker1, worker2] = slaves;
      const pool = master.createWorkpool(worker1);
      pool.remove(worker1);
      const jobs = [1, 2, 3].map((n) => pool.do('hold', n, { key: 'a' }));
      expect(pool.waiting).to.equal(3);
      pool.add(worker2);
      await release(worker2, jobs);
      expect(await started(worker2)).to.deep.equal([1, 2, 3]);
    });
  });

  it('metadata - the key is not sent', async () => {
    const pool = master.createWorkpool(slaves);
    expect((await pool.do('metadata', null, { key: 'a', user: 'Ann' })).value).to.deep.equal({ user: 'Ann' });
    expect((await slaves[0].exec('metadata', null, { key: 'a' })).value).to.deep.equal({});
  });

  it('metadata - a key that is no string or number throws a TypeError', () => {
    const pool = master.createWorkpool(slaves);
    for (const key of [null, NaN, {}, true]) {
      expect(() => pool.do('id', null, { key: key as never })).to.throw(TypeError, 'metadata.key must be a string or a number, not');
    }
  });
});
