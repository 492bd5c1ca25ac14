import { once } from 'node:events';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'chai';
import {
  PoisonTaskError,
  RestartIntensityError,
  SlaveDiedError,
  SlaveExitedError,
  type SlaveHandle,
  type SlaveOptions,
  SpawnError,
  TimeoutError,
} from 'dist-io';
import { rejection } from '../support/rejection';
import { temporaryFolder } from '../support/temporary-folder';
import { contract } from './runtimes';

const NO_END = { except: { inline: "an inline slave that ends would end the tests' own process" } };

contract('restart', (suite) => {
  const folder = temporaryFolder();
  const create = (options: SlaveOptions = {}): SlaveHandle =>
    suite.createSlave('restarting.js', { restart: 'permanent', stderr: 'ignore', intensity: 100, ...options });
  const incarnation = async (slave: SlaveHandle) => (await slave.exec('incarnation')).unwrap();

  const test = (title: string, body: () => Promise<void>) => suite.it(title, body, NO_END);

  test('permanent - a slave that ends is started again, and keeps its handle, id, alias, group and data', async () => {
    const data = { list: [1n] };
    const slave = create({ alias: 'one', group: 'first', data });
    slave.group = 'later';
    const before = await incarnation(slave);
    for (const code of [0, 1]) expect((await slave.exec('exit', code)).error).to.be.an.instanceOf(SlaveDiedError);
    expect((await slave.exec('identity')).value).to.deep.equal({ id: slave.id, alias: 'one', group: 'later', data });
    expect(await incarnation(slave)).not.to.equal(before);
    expect([slave.restarts, slave.isAlive]).to.deep.equal([2, true]);
    expect([...suite.master.slaves]).to.include(slave);
    await slave.exit();
  });

  test('events - error and restart say why, ready follows, exit comes only at the end', async () => {
    const slave = create();
    await slave.ready();
    const events: unknown[] = [];
    slave.on('error', ({ code }) => events.push(['error', code]));
    slave.on('restart', ({ restarts, error }) => events.push(['restart', restarts, error?.code]));
    slave.on('ready', () => events.push('ready'));
    slave.on('exit', ({ code }) => events.push(['exit', code]));
    await slave.exec('exit', 7);
    await slave.exec('echo');
    await slave.exit();
    expect(events).to.deep.equal([['error', 'SLAVE_DIED'], ['restart', 1, 'SLAVE_DIED'], 'ready', ['exit', 0]]);
  });

  test('transient - a slave that ends with exit code 0 has ended, after any other end it is started again', async () => {
    const slave = create({ restart: 'transient' });
    await slave.exec('exit', 1);
    expect((await slave.exec('echo', 1)).value).to.equal(1);
    await slave.exec('exit', 0);
    expect((await slave.exec('echo', 1)).error).to.be.an.instanceOf(SlaveDiedError);
    expect([slave.isAlive, slave.restarts]).to.deep.equal([false, 1]);
    expect([...suite.master.slaves]).not.to.include(slave);
  });

  test('temporary - is the default: a slave that ends has ended', async () => {
    const slave = suite.createSlave('restarting.js');
    await slave.exec('exit', 1);
    expect((await slave.exec('echo', 1)).error).to.be.an.instanceOf(SlaveDiedError);
    expect(slave.restarts).to.equal(0);
  });

  test('waiting requests - are executed by the replacement, in their order; only the one that ran has failed', async () => {
    const slave = create({ concurrency: 1 });
    const responses = await Promise.all([slave.exec('exit', 1), ...[1, 2, 3].map((n) => slave.exec('echo', n))]);
    expect(responses.map(({ value }) => value)).to.deep.equal([undefined, 1, 2, 3]);
    expect(responses[0].error).to.be.an.instanceOf(SlaveDiedError).that.includes({ mayHaveExecuted: true });
    expect(responses.slice(1).map(({ attempt }) => attempt)).to.deep.equal([1, 1, 1]);
    await slave.exit();
  });

  test('clients - a call that waited for the slave to load goes on with the replacement', async () => {
    const slave = create({ data: { failsOnce: join(folder, `client ${suite.runtime}`) } });
    const client = slave.as<{ echo(value: number): number }>();
    expect(await client.echo(7)).to.equal(7);
    await slave.exit();
  });

  test('retries - a task that may have run is executed again only with retries, or when it is idempotent', async () => {
    const slave = create();
    expect((await slave.exec('exit until attempt', 2)).error).to.be.an.instanceOf(SlaveDiedError);
    expect(await slave.exec('exit until attempt', 2, { retries: 1 })).to.include({ value: 2, attempt: 2 });
    expect(await slave.exec('idempotent exit until attempt', 3)).to.include({ value: 3, attempt: 3 });
    await slave.exit();
  });

  test('retries - a task runs once more than its retries at most', async () => {
    const file = join(folder, `executions ${suite.runtime}`);
    const slave = create();
    writeFileSync(file, '');
    const { error } = await slave.exec('append and exit', file, { retries: 2 });
    expect(readFileSync(file, 'utf8')).to.equal('xxx');
    expect(error).to.be.an.instanceOf(PoisonTaskError).that.includes({ task: 'append and exit', attempts: 3, code: 'POISON_TASK' });
    expect(error?.cause).to.be.an.instanceOf(SlaveDiedError);
    await slave.exit();
  });

  test('poison task - what waits behind it is not blamed', async () => {
    const slave = create({ concurrency: 1 });
    const [poison, neighbour] = await Promise.all([slave.exec('exit', 1, { retries: 2 }), slave.exec('echo', 'fine')]);
    expect(poison.error).to.be.an.instanceOf(PoisonTaskError);
    expect(neighbour).to.include({ value: 'fine', attempt: 1 });
    await slave.exit();
  });

  test('streams - a stream of which items were read fails, the next one is served by the replacement', async () => {
    const slave = create();
    const read: unknown[] = [];
    const error = await rejection(
      (async () => {
        for await (const item of slave.stream('count and exit', 3, { retries: 3 })) read.push(item);
      })(),
    );
    expect(read).to.deep.equal([0, 1, 2]);
    expect(error).to.be.an.instanceOf(SlaveDiedError);
    expect((await slave.exec('echo', 1)).value).to.equal(1);
    await slave.exit();
  });

  test('intensity - beyond it everything pending fails with the last death as cause, and the slave has ended', async () => {
    const slave = create({ intensity: 1, concurrency: 1 });
    const exited = new Promise((resolve) => slave.once('exit', resolve));
    const first = slave.exec('exit', 1);
    const second = slave.exec('exit', 1);
    const waiting = slave.exec('echo', 1);
    expect((await first).error).to.be.an.instanceOf(SlaveDiedError);
    for (const { error } of [await second, await waiting, await slave.exec('echo')]) {
      expect(error).to.be.an.instanceOf(RestartIntensityError).that.includes({ code: 'RESTART_INTENSITY', intensity: 1, period: 5000 });
      expect(error?.cause).to.be.an.instanceOf(SlaveDiedError);
    }
    expect((await second).error).to.include({ mayHaveExecuted: true });
    expect((await waiting).error).to.include({ mayHaveExecuted: false });
    await exited;
    expect([slave.isAlive, slave.restarts]).to.deep.equal([false, 1]);
  });

  test('intensity - counts for all slaves of a group, which ends as a whole', async () => {
    const group = suite.master.createSlaves(3, require.resolve('../fixtures/restarting.js'), {
      restart: 'permanent',
      intensity: 1,
      stderr: 'ignore',
    });
    await group.ready();
    const untouched = group[2].exec('wait');
    await group[0].exec('exit', 1);
    await group[1].exec('exit', 1);
    expect((await untouched).error)
      .to.be.an.instanceOf(RestartIntensityError)
      .that.includes({ mayHaveExecuted: true });
    expect(await Promise.all(group.map(async (slave) => (await slave.exec('echo')).error?.name))).to.deep.equal(
      Array(3).fill('RestartIntensityError'),
    );
    await group.exit();
  });

  test('loading - a file that fails to load once is loaded again, and what was requested is executed', async () => {
    const slave = create({ data: { failsOnce: join(folder, `once ${suite.runtime}`) } });
    expect((await slave.exec('echo', 1)).value).to.equal(1);
    await slave.ready();
    expect(slave.restarts).to.equal(1);
    await slave.exit();
  });

  test('loading - a file that never loads ends in intensity, with the error of loading as the cause', async () => {
    const slave = create({ intensity: 2, backoff: { initialInterval: 1 }, data: { failsUnless: join(folder, 'never') } });
    const [response, error] = await Promise.all([slave.exec('echo', 1), rejection(slave.ready())]);
    for (const one of [response.error, error]) {
      expect(one).to.be.an.instanceOf(RestartIntensityError);
      expect(one?.cause).to.be.an.instanceOf(SpawnError).with.nested.property('cause.message', 'not yet');
    }
    expect(slave.restarts).to.equal(2);
  });

  describe('between two processes', () => {
    const marker = (): string => join(folder, `waiting ${suite.runtime} ${Math.random()}`);
    /** A slave that has failed to load twice and waits for its next start. */
    const waiting = async (failsUnless: string): Promise<SlaveHandle> => {
      const slave = create({ backoff: { initialInterval: '1h', maximumInterval: '1h' }, data: { failsUnless } });
      await once(slave, 'error');
      await once(slave, 'error');
      return slave;
    };

    test('timeout and exit() - are in time', async () => {
      const slave = await waiting(marker());
      expect((await slave.exec('echo', 1, { timeout: 1 })).error).to.be.an.instanceOf(TimeoutError);
      expect([slave.isAlive, slave.pid, slave.isIdle]).to.deep.equal([false, undefined, true]);
      expect(await slave.exit()).to.include({ code: null, signal: null });
      expect((await slave.exec('echo', 1)).error).to.be.an.instanceOf(SlaveExitedError);
    });

    test('exit() - lets what waits be executed first', async () => {
      const file = marker();
      const slave = await waiting(file);
      const response = slave.exec('echo', 1);
      writeFileSync(file, '');
      await slave.exit();
      expect((await response).value).to.equal(1);
    });

    test('kill() and exit({ pending: "abort" }) - settle what waits', async () => {
      for (const end of [(slave: SlaveHandle) => slave.kill(), (slave: SlaveHandle) => slave.exit({ pending: 'abort' })]) {
        const slave = await waiting(marker());
        const response = slave.exec('echo', 1);
        await end(slave);
        expect((await response).error)
          .to.be.an.instanceOf(SlaveExitedError)
          .that.includes({ mayHaveExecuted: false });
      }
    });
  });

  test('exit() and kill() - end a permanent slave for good', async () => {
    for (const end of ['exit', 'kill'] as const) {
      const slave = create();
      await slave.ready();
      await slave[end]();
      expect((await slave.exec('echo', 1)).error).to.be.an.instanceOf(SlaveExitedError);
      expect(slave.restarts).to.equal(0);
    }
  });

  test('cancel: kill - the slave is restarted, and neighbours that have not run go on', async () => {
    const slave = create({ concurrency: 1 });
    const cancelled = slave.exec('wait', null, { timeout: 30, cancel: 'kill', grace: 1 });
    const neighbour = slave.exec('echo', 'fine');
    expect((await cancelled).error).to.be.an.instanceOf(TimeoutError);
    expect((await neighbour).value).to.equal('fine');
    expect(slave.restarts).to.equal(1);
    await slave.exit();
  });

  test('startTimeout - a slave that does not load in time is started again', async () => {
    const slave = suite.createSlave('never-loads.mjs', { restart: 'permanent', intensity: 1, startTimeout: 100 });
    const { error } = await slave.exec('echo');
    expect(error).to.be.an.instanceOf(RestartIntensityError);
    expect(error?.cause).to.be.an.instanceOf(SpawnError).with.property('message').that.contains('startTimeout');
  });

  for (const [strategy, expected] of [
    ['one_for_one', [false, true, false]],
    ['rest_for_one', [false, true, true]],
    ['one_for_all', [true, true, true]],
  ] as const)
    test(`strategy - ${strategy} restarts ${expected.filter(Boolean).length} of 3 slaves when the second ends`, async () => {
      const group = suite.master.createSlaves(3, require.resolve('../fixtures/restarting.js'), {
        restart: 'permanent',
        strategy,
        stderr: 'ignore',
      });
      const before = await Promise.all(group.map(incarnation));
      const interrupted = group[2].exec('wait', null, { timeout: expected[2] ? 0 : 1 });
      await group[1].exec('exit', 1);
      expect((await interrupted).error).to.be.an.instanceOf(expected[2] ? SlaveExitedError : TimeoutError);
      const after = await Promise.all(group.map(incarnation));
      expect(after.map((one, i) => one !== before[i])).to.deep.equal(expected);
      expect(group.map(({ restarts }) => restarts)).to.deep.equal(expected.map(Number));
      await group.exit({ pending: 'abort' });
    });

  test('options - wrong values are a TypeError that names the option', () => {
    for (const [option, value] of [
      ['restart', 'always'],
      ['strategy', 'one_for_two'],
      ['intensity', -1],
      ['period', 'soon'],
      ['backoff', { jitter: 2 }],
      ['backoff', { initialIntervall: 2 }],
    ] as const)
      expect(() => create({ [option]: value as never }), option).to.throw(
        TypeError,
        option === 'backoff' ? /jitter|initialInterval/ : option,
      );
    return Promise.resolve();
  });
});
