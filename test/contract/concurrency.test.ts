import { expect } from 'chai';
import { AbortError, QueueFullError, SlaveExitedError, type SlaveHandle, TimeoutError } from 'dist-io';
import { range } from '../support/range';
import { alwaysRetry } from '../support/always-retry';
import { contract } from './runtimes';

contract('concurrency', (suite) => {
  interface Seen {
    most: number;
    begun: unknown[];
  }
  const seen = async (slave: SlaveHandle) => (await slave.exec('seen')).value as Seen;
  const counts = ({ pending, running }: SlaveHandle) => ({ pending, running });

  for (const concurrency of [1, 3]) {
    suite.it(`concurrency: ${concurrency} - runs at most ${concurrency} at a time, in order of the calls`, async () => {
      const slave = suite.createSlave('concurrency.js', { concurrency });
      const answers = range(50).map((i) => slave.exec('work', i));
      expect(counts(slave)).to.deep.equal({ pending: 50, running: concurrency });
      expect((await Promise.all(answers)).map(({ value }) => value)).to.deep.equal(range(50));
      expect(counts(slave)).to.deep.equal({ pending: 0, running: 0 });
      const { most, begun } = await seen(slave);
      expect(most).to.equal(concurrency);
      expect(begun).to.deep.equal(range(50));
      await slave.exit();
    });
  }

  suite.it('concurrency - without a limit, all requests run at once', async () => {
    const slave = suite.createSlave('concurrency.js');
    await Promise.all(range(20).map((i) => slave.exec('work', i)));
    expect((await seen(slave)).most).to.equal(20);
    await slave.exit();
  });

  suite.it('concurrency - a request made in a response listener waits behind the others', async () => {
    const slave = suite.createSlave('concurrency.js', { concurrency: 1 });
    const late: Promise<unknown>[] = [];
    slave.once('response', () => late.push(slave.exec('work', 'late')));
    await Promise.all(['a', 'b', 'c'].map((name) => slave.exec('work', name)));
    await Promise.all(late);
    expect((await seen(slave)).begun).to.deep.equal(['a', 'b', 'c', 'late']);
    await slave.exit();
  });

  suite.it('concurrency - failed, unknown and unserializable requests free their slot', async () => {
    const slave = suite.createSlave('concurrency.js', { concurrency: 1 });
    const answers = [
      slave.exec('fail'),
      slave.exec('no such task'),
      slave.exec('echo', [() => undefined]),
      slave.exec('fail', 1, { retries: alwaysRetry(2) }),
    ];
    answers.push(slave.exec('echo', 'last'));
    const responses = await Promise.all(answers);
    expect(responses.map(({ error }) => error?.name)).to.deep.equal([
      'Error',
      'UnknownTaskError',
      'SerializationError',
      'Error',
      undefined,
    ]);
    expect(counts(slave)).to.deep.equal({ pending: 0, running: 0 });
    await slave.exit();
  });

  suite.it('concurrency - an aborted request in the queue never runs and frees its place', async () => {
    const slave = suite.createSlave('concurrency.js', { concurrency: 1, maxPending: 4 });
    const controller = new AbortController();
    const held = slave.exec('hold', 'held', { timeout: 0 });
    const aborted = [1, 2].map((i) => slave.exec('work', `aborted ${i}`, { signal: controller.signal }));
    const fine = slave.exec('work', 'fine');
    expect((await slave.exec('work', 'too many')).error).to.be.an.instanceOf(QueueFullError);
    controller.abort();
    expect(counts(slave)).to.deep.equal({ pending: 2, running: 1 });
    for (const { error } of await Promise.all(aborted)) expect(error).to.be.an.instanceOf(AbortError);
    const more = slave.exec('work', 'more');
    expect(counts(slave)).to.deep.equal({ pending: 3, running: 1 });
    const other = slave.exec('work', 'in time', { timeout: 20 });
    expect((await other).error).to.be.an.instanceOf(TimeoutError);
    expect(slave.lateAnswers).to.equal(0);
    await slave.exit({ pending: 'abort' });
    for (const { error } of await Promise.all([held, fine, more])) expect(error).to.be.an.instanceOf(SlaveExitedError);
  });

  suite.it('concurrency - a cancelled task counts as running until it ends', async () => {
    const slave = suite.createSlave('concurrency.js', { concurrency: 1 });
    await slave.ready();
    const controller = new AbortController();
    const first = slave.exec('until aborted', 1, { signal: controller.signal });
    const second = slave.exec('work', 2);
    controller.abort();
    expect(counts(slave)).to.deep.equal({ pending: 1, running: 1 });
    expect((await first).error).to.be.an.instanceOf(AbortError);
    expect((await second).value).to.equal(2);
    expect(counts(slave)).to.deep.equal({ pending: 0, running: 0 });
    await slave.exit();
  });

  suite.it('maxPending - a further request fails until another one settles', async () => {
    const slave = suite.createSlave('concurrency.js', { maxPending: 3 });
    const answers = range(5).map((i) => slave.exec('work', i));
    expect(slave.pending).to.equal(3);
    const responses = await Promise.all(answers);
    expect(responses.map(({ ok }) => ok)).to.deep.equal([true, true, true, false, false]);
    expect(responses[4].error).to.be.an.instanceOf(QueueFullError).that.includes({ code: 'QUEUE_FULL' });
    expect((await slave.exec('echo', 'room again')).value).to.equal('room again');
    await slave.exit();
  });

  suite.it('concurrency - exit lets queued requests finish and refuses new ones', async () => {
    const slave = suite.createSlave('concurrency.js', { concurrency: 1 });
    const answers = range(10).map((i) => slave.exec('work', i));
    const exit = slave.exit();
    expect((await slave.exec('work', 'more')).error).to.be.an.instanceOf(SlaveExitedError);
    expect((await Promise.all(answers)).map(({ value }) => value)).to.deep.equal(range(10));
    expect(await exit).to.include({ forced: false });
  });

  suite.it('concurrency - exit ends when its last queued request is aborted', async () => {
    const slave = suite.createSlave('concurrency.js', { concurrency: 1 });
    const controller = new AbortController();
    await slave.ready();
    const held = slave.exec('hold', 'held', { timeout: 30 });
    const waiting = slave.exec('work', 1, { signal: controller.signal });
    const exit = slave.exit();
    controller.abort();
    await held;
    expect((await waiting).error).to.be.an.instanceOf(AbortError);
    await slave.kill();
    await exit;
  });

  for (const [how, end] of [
    ["exit({ pending: 'abort' })", (slave: SlaveHandle) => slave.exit({ pending: 'abort' })],
    ['kill', (slave: SlaveHandle) => slave.kill()],
  ] as const) {
    suite.it(`concurrency - ${how}: queued requests have mayHaveExecuted false`, async () => {
      const slave = suite.createSlave('concurrency.js', { concurrency: 2 });
      await slave.ready();
      const answers = range(5).map((i) => slave.exec('hold', i));
      const over = end(slave);
      expect(slave.running).to.be.at.most(2);
      const errors = (await Promise.all(answers)).map(({ error }) => error as SlaveExitedError);
      expect(errors.map(({ mayHaveExecuted }) => mayHaveExecuted)).to.deep.equal([true, true, false, false, false]);
      await over;
      expect(counts(slave)).to.deep.equal({ pending: 0, running: 0 });
    });
  }

  suite.it('concurrency - 100,000 requests may wait and half of them be aborted', async () => {
    const slave = suite.createSlave('concurrency.js', { concurrency: 8 });
    const controller = new AbortController();
    const answers = range(100_000).map((i) => slave.exec('echo', i, i % 2 === 0 ? undefined : { signal: controller.signal }));
    controller.abort();
    const responses = await Promise.all(answers);
    expect(responses.filter(({ ok }) => ok)).to.have.length(50_000);
    expect(counts(slave)).to.deep.equal({ pending: 0, running: 0 });
    await slave.exit();
  });

  suite.it('concurrency - a stream takes a slot until it has ended', async () => {
    const slave = suite.createSlave('streams.js', { concurrency: 1 });
    const stream = slave.stream('endless', 'place');
    await stream.next();
    const waiting = slave.exec('echo', 'after');
    expect(counts(slave)).to.deep.equal({ pending: 2, running: 1 });
    await stream.return();
    expect((await waiting).value).to.equal('after');
    expect((await slave.exec('ended', 'place')).value).to.equal(1);
    await slave.exit();
  });

  suite.it('concurrency, maxPending - wrong values throw a TypeError', () => {
    for (const value of [0, -1, 0.5, '1', NaN] as never[]) {
      expect(() => suite.createSlave('concurrency.js', { concurrency: value })).to.throw(TypeError, 'concurrency');
      expect(() => suite.createSlave('concurrency.js', { maxPending: value })).to.throw(TypeError, 'maxPending');
    }
  });
});
