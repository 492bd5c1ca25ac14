import { pathToFileURL } from 'node:url';
import { expect } from 'chai';
import { Master, SlaveExitedError, type SlaveHandle, TimeoutError, UnknownSlaveError } from 'dist-io';
import { fixture } from '../support/fixture';
import { rejection } from '../support/rejection';
import { contract } from './runtimes';

contract('purging', (suite) => {
  let master: Master;
  let slaves: SlaveHandle[];
  beforeEach(async () => {
    master = new Master({ runtime: suite.runtime, stderr: 'ignore' });
    slaves = [...master.createSlaves(2, fixture('remembering.js'), { alias: 'one', group: 'both' })];
    for (const slave of slaves) for (const data of ['a', 'b']) await slave.exec('count', data);
    for (const slave of slaves) await slave.exec('count too');
  });
  afterEach(() => master.exit({ pending: 'abort' }));

  const run = async (slave: SlaveHandle, task: string) => [(await slave.exec(task, 'a')).unwrap()].flat()[0];

  suite.it('purging - without names forgets every result and reports what was freed', async () => {
    const report = await master.purgeCache();
    expect(report).to.include({ files: 0, results: 6 });
    expect(report.bytes).to.be.within(6 * 256, 6 * 400);
    expect(report.slaves.map(({ id, results }) => [id, results])).to.deep.equal(slaves.map(({ id }) => [id, 3]));
    expect(report.slaves.reduce((sum, { bytes }) => sum + bytes, 0)).to.equal(report.bytes);
    for (const slave of slaves) expect([await run(slave, 'count'), await run(slave, 'count too')]).to.deep.equal([3, 2]);
    expect(await master.purgeCache()).to.include({ results: 4 });
    expect(await master.purgeCache()).to.include({ results: 0, bytes: 0 });
  });

  suite.it("purging - a task's name forgets the results of that task", async () => {
    expect(await master.purgeCache('count', 'no such task')).to.include({ results: 4 });
    for (const slave of slaves)
      expect([await run(slave, 'count'), await slave.exec('count too').then(({ value }) => value)]).to.deep.equal([3, 1]);
  });

  suite.it('purging - a path does not stand for a task', async () => {
    const report = await master.purgeCache(pathToFileURL('/count'), './count', '/count');
    expect(report).to.include({ files: 0, results: 0, bytes: 0 });
    expect(report.slaves).to.have.length(2);
  });

  suite.it('purging - in(…) selects the slaves', async () => {
    const [first, second] = slaves;
    const ids = async (purging: ReturnType<Master['purgeCache']>) => (await purging).slaves.map(({ id }) => id);
    expect(await ids(master.purgeCache('count').in(second))).to.deep.equal([second.id]);
    expect([await run(first, 'count'), await run(second, 'count')]).to.deep.equal([1, 3]);
    expect(await ids(master.purgeCache().in('one'))).to.deep.equal([first.id]);
    expect(await ids(master.purgeCache().in([second.id], 'both'))).to.deep.equal([second.id, first.id]);
    expect(await ids(master.purgeCache().in(second).in(first))).to.deep.equal([second.id, first.id]);
    expect(await ids(master.purgeCache().in())).to.deep.equal([]);
  });

  suite.it('purging - in(…) returns the same promise and throws once the purge has been sent', async () => {
    const purging = master.purgeCache();
    expect(purging).to.be.an.instanceOf(Promise);
    expect(purging.in('both')).to.equal(purging);
    await purging;
    expect(() => purging.in('both')).to.throw(TypeError, 'sent already');
  });

  suite.it('purging - in(…) with an unknown selector rejects and purges nothing', async () => {
    for (const selector of ['nobody', 99, [slaves[0], 'nobody']]) {
      const error = await rejection(master.purgeCache().in(selector));
      expect(error).to.be.an.instanceOf(UnknownSlaveError);
    }
    for (const slave of slaves) expect(await run(slave, 'count')).to.equal(1);
  });

  suite.it(
    "purging - waits for a slave with a blocked thread until the slave's timeout",
    async () => {
      const stuck = suite.createSlave('remembering.js', { timeout: 50 });
      await stuck.ready();
      const busy = stuck.exec('block', Infinity, { timeout: 0 });
      const error = await rejection(master.purgeCache().in(stuck));
      expect(error).to.be.an.instanceOf(TimeoutError).and.to.include({ task: 'purge', timeout: 50 });
      await stuck.kill();
      expect((await busy).error).to.be.an.instanceOf(SlaveExitedError);
    },
    { except: { inline: 'it would block this thread' } },
  );

  suite.it('purging - a wrong name throws a TypeError at once', () => {
    for (const name of ['', 5, null, undefined, {}, new URL('http://localhost/'), ['count']] as never[])
      expect(() => master.purgeCache(name), String(name)).to.throw(TypeError);
  });

  suite.it('purging - a run in progress is neither remembered nor shared afterwards', async () => {
    const [slave] = slaves;
    const before = slave.exec('wait', 'a');
    await slave.exec('runs');
    await master.purgeCache('wait').in(slave);
    const after = slave.exec('wait', 'a');
    await slave.exec('the first goes on');
    expect((await before).value).to.deep.equal([1, 'a', undefined]);
    const joined = slave.exec('wait', 'a');
    await slave.exec('go on');
    for (const { value } of [await after, await joined]) expect(value).to.deep.equal([2, 'a', undefined]);
    expect((await slave.exec('wait', 'a')).value).to.deep.equal([2, 'a', undefined]);
  });

  suite.it('purging - does not make a slave busy, and a paused slave answers', async () => {
    await slaves[0].exec('pause');
    const purging = master.purgeCache();
    // By then, the slaves have been asked.
    await Promise.resolve();
    await Promise.resolve();
    expect(slaves.map(({ pending, isIdle }) => [pending, isIdle])).to.deep.equal([
      [0, true],
      [0, true],
    ]);
    expect((await purging).results).to.equal(6);
  });

  suite.it('purging - waits for a slave that is loading and omits one that does not start', async () => {
    const own = new Master({ runtime: suite.runtime, stderr: 'ignore' });
    const loading = own.createSlave(fixture('remembering.js'));
    own.createSlave(fixture('throws-on-load.js'));
    expect((await own.purgeCache()).slaves).to.deep.equal([{ id: loading.id, files: 0, results: 0, bytes: 0 }]);
    await own.exit();
  });

  suite.it('purging - omits a slave that is killed meanwhile', async () => {
    const [first, second] = slaves;
    const purging = master.purgeCache();
    await Promise.resolve();
    await Promise.resolve();
    void first.kill();
    expect((await purging).slaves.map(({ id }) => id)).to.deep.equal([second.id]);
    expect((await master.purgeCache().in(first)).slaves).to.deep.equal([]);
    expect((await first.exec('count')).error).to.be.an.instanceOf(SlaveExitedError);
  });

  suite.it(
    'purging - omits a slave that dies meanwhile',
    async () => {
      const [first, second] = slaves;
      void first.exec('block', 20);
      const died = first.exec('end');
      const { slaves: purged } = await master.purgeCache();
      expect(purged.map(({ id }) => id)).to.deep.equal([second.id]);
      expect((await died).error).to.have.property('code', 'SLAVE_DIED');
    },
    { except: { inline: 'it would end this process' } },
  );

  suite.it('purging - an exiting slave still answers', async () => {
    const [first] = slaves;
    void first.exec('wait', 'for ever', { timeout: 50 });
    const exited = first.exit();
    expect((await master.purgeCache().in(first)).results).to.equal(3);
    await first.kill();
    await exited;
  });
});
