import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'chai';
import { AbortError, type SlaveHandle, SlaveDiedError, SlaveExitedError, type SlaveOptions, TimeoutError, type Workpool } from 'dist-io';
import { eventually } from '../support/eventually';
import { range } from '../support/range';
import { temporaryFolder } from '../support/temporary-folder';
import { contract } from './runtimes';

const BLOCKS = 'a blocked slave blocks its master';
const ENDS = 'it would end the master';

/** Executes short tasks until the master knows that they are: then it hands them ahead. */
async function warmUp(pool: Workpool): Promise<void> {
  for (const slave of pool.slaves) {
    await eventually(async () => {
      const jobs = range(50).map((i) => pool.do('echo', i));
      const isAhead = slave.running > 1;
      await Promise.all(jobs);
      return isAhead;
    });
  }
}

/** The ids that slaves have written to a file, in order. */
const notes = (log: string): number[] =>
  readFileSync(log, 'utf8')
    .split('\n')
    .filter(Boolean)
    .map((line) => Number(line));

contract(
  'jobs that are handed ahead',
  (suite) => {
    const folder = temporaryFolder();
    let files = 0;
    const newFile = (): string => join(folder, `${suite.runtime} ${files++}`);

    const createPool = async (count: number, options?: SlaveOptions): Promise<Workpool> => {
      const slaves = range(count).map(() => suite.createSlave('handed-ahead.js', { stderr: 'ignore', restart: 'permanent', ...options }));
      await Promise.all(slaves.map((slave) => slave.ready()));
      const pool = suite.master.createWorkpool(...slaves);
      await warmUp(pool);
      return pool;
    };

    const createLog = (): string => {
      const log = newFile();
      writeFileSync(log, '');
      return log;
    };

    /** Gives a pool a job that blocks its member until `open` is called. */
    const blocked = (pool: Workpool, task = 'block') => {
      const gate = newFile();
      const blocker = pool.do(task, gate);
      return { blocker, open: () => writeFileSync(gate, '') };
    };

    const end = (pool: Workpool) => pool.exit({ pending: 'abort' });

    suite.it('ahead - a member with short tasks gets several, and runs them one at a time, in order', async () => {
      const pool = await createPool(1);
      const [slave] = pool.slaves;
      const jobs = range(20).map((i) => pool.do('remember', i));
      expect(slave.running).to.be.above(1);
      expect(pool.running).to.equal(1);
      expect(pool.waiting).to.equal(19);
      for (const [i, { value }] of (await Promise.all(jobs)).entries()) expect(value).to.equal(i);
      expect((await slave.exec('begun')).value).to.deep.equal(range(20));
      for (const { value } of await Promise.all(range(20).map(() => pool.do('overlap')))) expect(value).to.equal(1);
      expect([pool.running, pool.waiting]).to.deep.equal([0, 0]);
      await end(pool);
    });

    suite.it('ahead - the concurrency of the pool holds in the slave', async () => {
      const slave = suite.createSlave('handed-ahead.js');
      await slave.ready();
      const pool = suite.master.createWorkpool(slave, { concurrency: 3 });
      await warmUp(pool);
      const jobs = range(30).map(() => pool.do('overlap'));
      expect(slave.running).to.be.above(3);
      expect(Math.max(...(await Promise.all(jobs)).map(({ value }) => value as number))).to.equal(3);
      await end(pool);
    });

    suite.it(
      'taken back - what waits behind a job that blocks its slave goes to another one',
      async () => {
        const pool = await createPool(2);
        const log = createLog();
        const { blocker, open } = blocked(pool);
        const jobs = await Promise.all(range(300).map((id) => pool.do('note', { log, id })));
        for (const [id, { value }] of jobs.entries()) expect(value).to.equal(id);
        open();
        expect((await blocker).value).to.equal('unblocked');
        // The blocked slave has not begun with any of them afterwards.
        await Promise.all(pool.slaves.map((slave) => slave.exec('echo', 1)));
        expect(notes(log).sort((a, b) => a - b)).to.deep.equal(range(300));
        await end(pool);
      },
      { except: { inline: BLOCKS } },
    );

    suite.it('taken back - what waits behind a job that does not complete goes to another member', async () => {
      const pool = await createPool(2);
      const held = pool.do('hold', 'first');
      const jobs = await Promise.all(range(100).map((i) => pool.do('echo', i)));
      for (const [i, { value }] of jobs.entries()) expect(value).to.equal(i);
      await Promise.all(pool.slaves.map((slave) => slave.exec('release', 'first')));
      expect((await held).value).to.equal('released');
      await end(pool);
    });

    suite.it(
      'death - costs only the job that had begun; each of the others runs once',
      async () => {
        const pool = await createPool(1);
        const log = createLog();
        const { blocker, open } = blocked(pool, 'block and exit');
        const jobs = range(20).map((id) => pool.do('note', { log, id }));
        expect(pool.slaves[0].running).to.be.above(1);
        open();
        const { error } = await blocker;
        expect(error).to.be.instanceOf(SlaveDiedError).and.to.include({ mayHaveExecuted: true });
        for (const [id, { value }] of (await Promise.all(jobs)).entries()) expect(value).to.equal(id);
        expect(notes(log)).to.deep.equal(range(20));
        await end(pool);
      },
      { except: { inline: ENDS } },
    );

    suite.it(
      'death - what had not begun goes on in the replacement, even if there is another member that is busy',
      async () => {
        const pool = await createPool(2);
        const log = createLog();
        const held = pool.do('hold', 'first');
        const { blocker, open } = blocked(pool, 'block and exit');
        const jobs = range(20).map((id) => pool.do('note', { log, id }));
        open();
        expect((await blocker).error).to.be.instanceOf(SlaveDiedError);
        for (const [id, { value }] of (await Promise.all(jobs)).entries()) expect(value).to.equal(id);
        expect(notes(log).sort((a, b) => a - b)).to.deep.equal(range(20));
        await Promise.all(pool.slaves.map((slave) => slave.exec('release', 'first')));
        expect((await held).value).to.equal('released');
        await end(pool);
      },
      { except: { inline: ENDS } },
    );

    suite.it(
      'priority - a job of a higher priority comes before what was handed ahead',
      async () => {
        const pool = await createPool(1);
        const log = createLog();
        const { blocker, open } = blocked(pool);
        const low = range(5).map((id) => pool.do('note', { log, id }));
        const high = [10, 11].map((id) => pool.do('note', { log, id }, { priority: 1 }));
        open();
        await Promise.all([blocker, ...low, ...high]);
        expect(notes(log)).to.deep.equal([10, 11, 0, 1, 2, 3, 4]);
        await end(pool);
      },
      { except: { inline: BLOCKS } },
    );

    suite.it(
      'abort - a job that was handed ahead and has not begun never does',
      async () => {
        const pool = await createPool(1);
        const log = createLog();
        const { blocker, open } = blocked(pool);
        const controller = new AbortController();
        const jobs = range(6).map((id) => pool.do('note', { log, id }, id === 2 ? { signal: controller.signal } : undefined));
        controller.abort();
        expect((await jobs[2]).error).to.be.instanceOf(AbortError);
        open();
        expect((await Promise.all([blocker, ...jobs])).filter(({ ok }) => ok)).to.have.length(6);
        expect(notes(log)).to.deep.equal([0, 1, 3, 4, 5]);
        await end(pool);
      },
      { except: { inline: BLOCKS } },
    );

    suite.it(
      'timeout - of a job that was handed ahead says that it was queued, and it never begins',
      async () => {
        const pool = await createPool(1);
        const log = createLog();
        const { blocker, open } = blocked(pool);
        const [late, other] = [pool.do('note', { log, id: 0 }, { timeout: 2 }), pool.do('note', { log, id: 1 })];
        expect((await late).error)
          .to.be.instanceOf(TimeoutError)
          .and.to.include({ phase: 'queued' });
        open();
        await Promise.all([blocker, other]);
        expect(notes(log)).to.deep.equal([1]);
        await end(pool);
      },
      { except: { inline: BLOCKS } },
    );

    suite.it('keys - the jobs of a key run one at a time, in order, on one member', async () => {
      const pool = await createPool(2);
      const jobs = range(200).map((i) => pool.do('remember', i, { key: `${i % 5}` }));
      await Promise.all(jobs);
      const begun = await Promise.all(pool.slaves.map(async (slave) => (await slave.exec('begun')).value as number[]));
      for (const key of range(5)) {
        const [mine, ...others] = begun.map((ids) => ids.filter((id) => id % 5 === key)).sort((a, b) => b.length - a.length);
        expect(mine).to.deep.equal(range(200).filter((id) => id % 5 === key));
        expect(others.flat()).to.deep.equal([]);
      }
      await end(pool);
    });

    suite.it(
      'remove - what a removed member has not begun goes to the others',
      async () => {
        const pool = await createPool(1);
        const [first] = pool.slaves;
        const { blocker, open } = blocked(pool);
        const jobs = range(10).map((i) => pool.do('echo', i));
        const second: SlaveHandle = suite.createSlave('handed-ahead.js');
        pool.add(second).remove(first);
        for (const [i, { value, from }] of (await Promise.all(jobs)).entries()) expect([value, from]).to.deep.equal([i, second.id]);
        open();
        expect((await blocker).value).to.equal('unblocked');
        await Promise.all([first.exit(), end(pool)]);
      },
      { except: { inline: BLOCKS } },
    );

    suite.it(
      'exit - what has not begun when the pool is ended at once surely did not run',
      async () => {
        const pool = await createPool(1, { restart: 'temporary', shutdown: 50 });
        const { blocker } = blocked(pool);
        const jobs = range(5).map((i) => pool.do('echo', i));
        await end(pool);
        for (const { error } of await Promise.all(jobs))
          expect(error).to.be.instanceOf(SlaveExitedError).and.to.include({ mayHaveExecuted: false });
        expect((await blocker).error).to.include({ mayHaveExecuted: true });
      },
      { except: { inline: BLOCKS } },
    );

    suite.it('maxQueue - counts what was handed ahead', async () => {
      const slave = suite.createSlave('handed-ahead.js');
      await slave.ready();
      await warmUp(suite.master.createWorkpool(slave));
      const pool = suite.master.createWorkpool(slave, { maxQueue: 3 });
      const responses = await Promise.all(range(6).map((i) => pool.do('echo', i)));
      expect(responses.map(({ ok }) => ok)).to.deep.equal([true, true, true, true, false, false]);
      const none = suite.master.createWorkpool(slave, { maxQueue: 0 });
      expect((await Promise.all([none.do('echo', 1), none.do('echo', 2)])).map(({ ok }) => ok)).to.deep.equal([true, false]);
      await slave.exit();
    });

    suite.it(
      'answers - do not wait for a later task that blocks the slave',
      async () => {
        const pool = await createPool(1);
        const quick = range(10).map((i) => pool.do('echo', i));
        const { blocker, open } = blocked(pool);
        for (const [i, { value }] of (await Promise.all(quick)).entries()) expect(value).to.equal(i);
        open();
        expect((await blocker).value).to.equal('unblocked');
        await end(pool);
      },
      { except: { inline: BLOCKS } },
    );

    suite.it('answers - each job gets its own, whatever is taken back', async () => {
      const pool = await createPool(3);
      const log = createLog();
      const aborted = new Set<number>();
      const jobs = range(3000).map(async (id) => {
        if (id % 100 === 99) return pool.do('sleep', 15);
        const controller = new AbortController();
        const job = pool.do('note', { log, id }, { priority: id % 7 === 0 ? 1 : 0, signal: controller.signal });
        if (id % 13 === 0) setTimeout(() => controller.abort(), id % 50);
        const { value, error } = await job;
        if (error === null) return expect(value).to.equal(id);
        aborted.add(id);
        return expect(error).to.be.instanceOf(AbortError);
      });
      await Promise.all(jobs);
      const ran = notes(log);
      expect(new Set(ran).size).to.equal(ran.length);
      expect(ran.length + aborted.size).to.be.at.least(2970);
      await end(pool);
    });
  },
  { except: { remote: 'a host shares no memory with the master' } },
);
