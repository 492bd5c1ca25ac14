import { BroadcastChannel } from 'node:worker_threads';
import { expect } from 'chai';
import { Master, QueueFullError, type SlaveHandle, SpawnError, TimeoutError } from 'dist-io';
import { fixture } from '../support/fixture';

const TASKS = fixture('patterns/workpool-tasks.js');
const SLOW = fixture('patterns/loads-on-command.mjs');

describe('workpool: slots of members', () => {
  let master: Master;
  beforeEach(() => (master = new Master()));
  afterEach(() => master.exit({ pending: 'abort' }));

  /** A slave that has not loaded before `load` is called. */
  const loading = (): { slave: SlaveHandle; load: () => Promise<void> } => {
    const name = `load ${Math.random()}`;
    const slave = master.createSlave(SLOW, { runtime: 'thread', env: { LOAD_CHANNEL: name } });
    const load = async (): Promise<void> => {
      const channel = new BroadcastChannel(name);
      // The slave may not listen yet.
      const saying = setInterval(() => channel.postMessage('load'), 5);
      await slave.ready();
      clearInterval(saying);
      channel.close();
    };
    return { slave, load };
  };

  describe('cancelled jobs', () => {
    for (const runtime of ['process', 'thread', 'inline'] as const) {
      it(`timeout - over ${runtime}, a timed-out job keeps its slot until the slave has answered`, async () => {
        const slave = master.createSlave(TASKS, { runtime });
        await slave.ready();
        const pool = master.createWorkpool(slave);
        expect((await pool.do('hold', 'first', { timeout: 5 })).error).to.be.an.instanceOf(TimeoutError);
        expect([pool.running, pool.waiting]).to.deep.equal([1, 0]);
        const second = pool.do('hold', 'second');
        expect([pool.running, pool.waiting]).to.deep.equal([1, 1]);
        expect((await slave.exec('begun')).value).to.deep.equal(['first']);
        await slave.exec('release');
        await slave.exec('release');
        expect((await second).value).to.equal('second');
        expect([pool.running, pool.waiting]).to.deep.equal([0, 0]);
      });

      it(`abort - over ${runtime}, an aborted job keeps its slot until the slave ends`, async () => {
        const slave = master.createSlave(TASKS, { runtime });
        const other = master.createSlave(TASKS, { runtime });
        await Promise.all([slave.ready(), other.ready()]);
        const pool = master.createWorkpool(slave);
        const controller = new AbortController();
        const aborted = pool.do('hold', 'first', { signal: controller.signal });
        await slave.exec('begun');
        controller.abort();
        await aborted;
        expect(pool.running).to.equal(1);
        const second = pool.do('id');
        await slave.kill();
        expect([pool.running, pool.waiting]).to.deep.equal([0, 1]);
        pool.add(other);
        expect((await second).value).to.equal(other.id);
      });
    }

    it('drain - waits until a timed-out job has stopped', async () => {
      const slave = master.createSlave(TASKS, { runtime: 'inline' });
      const pool = master.createWorkpool(slave);
      await pool.do('hold', 'first', { timeout: 5 });
      const events: string[] = [];
      const drained = pool.drain().then(() => events.push('drained'));
      await slave.exec('id').then(() => events.push('still running'));
      await slave.exec('release');
      await drained;
      expect(events).to.deep.equal(['still running', 'drained']);
    });

    it('exit - does not wait for a timed-out job', async () => {
      const slave = master.createSlave(TASKS, { runtime: 'thread', shutdown: 20 });
      const pool = master.createWorkpool(slave);
      await slave.ready();
      await pool.do('hold', 'first', { timeout: 5 });
      const [{ id }] = await pool.exit();
      expect(id).to.equal(slave.id);
    });

    it('queue - a job that times out in the queue of a slave frees its slot at once', async () => {
      const slave = master.createSlave(TASKS, { runtime: 'inline', concurrency: 1 });
      const elsewhere = slave.exec('hold');
      const pool = master.createWorkpool(slave);
      await pool.do('hold', 'never sent', { timeout: 5 });
      expect(pool.running).to.equal(0);
      await slave.exit({ pending: 'abort' });
      await elsewhere;
    });
  });

  describe('members that are loading', () => {
    it('ready - idle members are selected before a loading one', async () => {
      const { slave, load } = loading();
      const [worker1, worker2] = master.createSlaves(2, TASKS, { runtime: 'inline' });
      await Promise.all([worker1.ready(), worker2.ready()]);
      const pool = master.createWorkpool(slave, worker1, worker2);
      for (let i = 0; i < 3; i++) {
        const responses = await Promise.all([pool.do('id'), pool.do('id')]);
        expect(responses.map(({ value }) => value)).to.have.members([worker1.id, worker2.id]);
      }
      await load();
    });

    it('ready - a job waits for busy members rather than for a loading one', async () => {
      const { slave, load } = loading();
      const ready = master.createSlave(TASKS, { runtime: 'inline' });
      await ready.ready();
      const pool = master.createWorkpool(slave, ready);
      const holding = pool.do('hold');
      const next = pool.do('id');
      await ready.exec('release');
      await holding;
      expect((await next).value).to.equal(ready.id);
      await load();
    });

    it('ready - a waiting job runs on a loading member as soon as that is ready', async () => {
      const { slave, load } = loading();
      const busy = master.createSlave(TASKS, { runtime: 'inline' });
      await busy.ready();
      const pool = master.createWorkpool(slave, busy);
      const holding = pool.do('hold');
      const next = pool.do('id');
      await load();
      expect((await next).value).to.equal(slave.id);
      await busy.exec('release');
      await holding;
    });

    it('ready - a job that waits for a loading member runs elsewhere when that fails to start', async () => {
      const missing = master.createSlave('./no-such-file.js');
      const worker1 = master.createSlave(TASKS, { runtime: 'inline' });
      await worker1.ready();
      const pool = master.createWorkpool(missing, worker1);
      const holding = pool.do('hold');
      const next = pool.do('id');
      expect(await missing.ready().catch((error: unknown) => error)).to.be.an.instanceOf(SpawnError);
      await worker1.exec('release');
      await holding;
      expect((await next).value).to.equal(worker1.id);
    });

    it('maxQueue - a job that waits for a loading member does not count', async () => {
      const { slave, load } = loading();
      const busy = master.createSlave(TASKS, { runtime: 'inline' });
      await busy.ready();
      const pool = master.createWorkpool(slave, busy, { maxQueue: 0 });
      const holding = pool.do('hold');
      const next = pool.do('id');
      expect((await pool.do('id')).error).to.be.an.instanceOf(QueueFullError);
      await load();
      expect((await next).value).to.equal(slave.id);
      await busy.exec('release');
      await holding;
    });

    it('loading - with no member ready, each gets one job at once', async () => {
      const slaves = master.createSlaves(2, TASKS, { runtime: 'thread' });
      const pool = master.createWorkpool(...slaves);
      const jobs = [pool.do('id'), pool.do('id')];
      expect(pool.running).to.equal(2);
      expect((await Promise.all(jobs)).map(({ value }) => value)).to.deep.equal(slaves.map(({ id }) => id));
    });
  });
});
