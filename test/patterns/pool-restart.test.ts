import { once } from 'node:events';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'chai';
import {
  Master,
  PoisonTaskError,
  type PoolHealth,
  type PoolOptions,
  RestartIntensityError,
  SlaveDiedError,
  SlaveExitedError,
  SpawnError,
  type Workpool,
} from 'dist-io';
import { fixture } from '../support/fixture';
import { temporaryFolder } from '../support/temporary-folder';

const FILE = fixture('restarting.js');

for (const runtime of ['process', 'thread'] as const) {
  describe(`pool: restarts, ${runtime}`, () => {
    const folder = temporaryFolder();
    const master = new Master({ runtime, stderr: 'ignore' });
    after(() => master.exit({ pending: 'abort' }));

    const create = async (count: number, options?: PoolOptions): Promise<Workpool> => {
      const pool = master.createPool(count, FILE, options);
      await Promise.all(pool.slaves.map((slave) => slave.ready()));
      return pool;
    };

    /** Resolves once the pool has this status. */
    const status = async (pool: Workpool, expected: PoolHealth['status']): Promise<PoolHealth> => {
      while (pool.health.status !== expected) await once(pool, 'health');
      return pool.health;
    };

    it('death - only the running job fails; its slave is replaced and keeps its place', async () => {
      const pool = await create(2);
      const { slaves } = pool;
      const jobs = [pool.do('exit', 1), ...Array.from({ length: 20 }, (_, i) => pool.do('echo', i))];
      const [dead, ...others] = await Promise.all(jobs);
      expect(dead.error).to.be.an.instanceOf(SlaveDiedError).that.includes({ mayHaveExecuted: true });
      expect(others.map(({ value }) => value)).to.deep.equal(Array.from({ length: 20 }, (_, i) => i));
      await status(pool, 'ok');
      expect(pool.slaves).to.deep.equal(slaves);
      expect(slaves.map(({ restarts }) => restarts).sort()).to.deep.equal([0, 1]);
      await pool.exit();
    });

    it('deaths in service - do not count: a pool of one slave serves through twenty of them', async () => {
      const pool = await create(1);
      for (let i = 0; i < 20; i++) {
        expect((await pool.do('echo', i)).value).to.equal(i);
        expect((await pool.do('exit', 1)).error).to.be.an.instanceOf(SlaveDiedError);
      }
      expect((await pool.do('echo', 'last')).value).to.equal('last');
      expect(pool.slaves[0].restarts).to.equal(20);
      await pool.exit();
    });

    it('retries - a job that may have run is executed again only when it says so', async () => {
      const pool = await create(2);
      expect(await pool.do('exit until attempt', 2, { retries: 1 })).to.include({ value: 2, attempt: 2 });
      expect(await pool.do('idempotent exit until attempt', 3)).to.include({ value: 3, attempt: 3 });
      const file = join(folder, 'executions');
      writeFileSync(file, '');
      const { error } = await pool.do('append and exit', file, { retries: 2 });
      expect(error).to.be.an.instanceOf(PoisonTaskError).that.includes({ attempts: 3 });
      expect(readFileSync(file, 'utf8')).to.equal('xxx');
      expect((await pool.do('echo', 1)).value).to.equal(1);
      await pool.exit();
    });

    it('key - jobs of a key wait for the replacement of their slave', async () => {
      const pool = await create(3);
      const before = (await pool.do('echo', 1, { key: 'Ann' })).from;
      const jobs = [pool.do('exit', 1, { key: 'Ann' }), pool.do('echo', 1, { key: 'Ann' })];
      expect((await Promise.all(jobs)).map(({ from, ok }) => [from, ok])).to.deep.equal([
        [before, false],
        [before, true],
      ]);
      await pool.exit();
    });

    it('loading - a file that fails to load once loses no job', async () => {
      const pool = master.createPool(2, FILE, { data: { failsOnce: join(folder, 'once') } });
      const responses = await Promise.all(Array.from({ length: 10 }, (_, i) => pool.do('echo', i)));
      expect(responses.map(({ value }) => value)).to.deep.equal(Array.from({ length: 10 }, (_, i) => i));
      await pool.exit();
    });

    it('intensity - a file that never loads lets all work fail with the error of loading, and the pool recovers by itself', async () => {
      const marker = join(folder, 'recovers');
      const statuses: string[] = [];
      const backoff = { initialInterval: 1, maximumInterval: 200 };
      const pool = master.createPool(2, FILE, { data: { failsUnless: marker }, intensity: 2, backoff });
      pool.on('health', (health) => statuses.push(health.status));
      const waiting = Array.from({ length: 5 }, () => pool.do('echo', 1));
      for (const { error } of [...(await Promise.all(waiting)), await pool.do('echo', 1)]) {
        expect(error).to.be.an.instanceOf(RestartIntensityError).that.includes({ mayHaveExecuted: false, intensity: 2 });
        expect(error?.cause).to.be.an.instanceOf(SpawnError).with.nested.property('cause.message', 'not yet');
      }
      expect(pool.health).to.include({ status: 'failing', ready: 0, failing: 2 });
      expect(pool.health.error).to.be.an.instanceOf(RestartIntensityError);
      writeFileSync(marker, '');
      await status(pool, 'ok');
      expect((await pool.do('echo', 1)).value).to.equal(1);
      expect(pool.health).to.include({ ready: 2, starting: 0, failing: 0, error: null });
      expect([...new Set(statuses)]).to.deep.equal(['failing', 'degraded', 'ok']);
      await pool.exit();
    });

    it('intensity - a slave that loads but never completes a task lets work fail, with its death as the cause', async () => {
      const pool = await create(1, { intensity: 1, backoff: { initialInterval: 1, maximumInterval: '1h' } });
      const errors = [];
      for (let i = 0; i < 4; i++) errors.push((await pool.do('exit', 3)).error);
      expect(errors.map((error) => error?.name)).to.deep.equal([
        'SlaveDiedError',
        'RestartIntensityError',
        'RestartIntensityError',
        'RestartIntensityError',
      ]);
      expect(errors[3]?.cause).to.be.an.instanceOf(SlaveDiedError).that.includes({ exitCode: 3 });
      await pool.exit();
    });

    it('exit() - while the pool fails ends it at once', async () => {
      const backoff = { initialInterval: 1, maximumInterval: '1h' };
      const pool = master.createPool(2, FILE, { data: { failsUnless: join(folder, 'never') }, intensity: 0, backoff });
      await status(pool, 'failing');
      expect(await pool.exit()).to.have.length(2);
      expect((await pool.do('echo', 1)).error).to.be.an.instanceOf(SlaveExitedError);
    });

    it('map - goes on over deaths with retries, each item once', async () => {
      const pool = await create(2);
      const done: number[] = [];
      const items = Array.from({ length: 30 }, (_, i) => i);
      const metadata = { retries: 3 };
      const source = items.map((i) => (i % 10 === 5 ? 2 : 1));
      for await (const attempt of pool.map(source, 'exit until attempt', { metadata })) done.push(attempt as number);
      expect(done).to.have.length(30);
      expect(done.filter((attempt) => attempt === 2).length).to.be.at.least(3);
      await pool.exit();
    });

    it('workpool - slaves that are restarted keep their place in a pool that they were added to', async () => {
      const slaves = master.createSlaves(2, FILE, { restart: 'permanent' });
      const pool = master.createWorkpool(...slaves);
      const responses = await Promise.all([pool.do('exit', 1), pool.do('exit', 1), ...[1, 2, 3].map((n) => pool.do('echo', n))]);
      expect(responses.map(({ value }) => value)).to.deep.equal([undefined, undefined, 1, 2, 3]);
      expect(pool.slaves).to.have.length(2);
      await pool.exit();
    });
  });
}
