import { getEventListeners } from 'node:events';
import { expect } from 'chai';
import { AbortError, type SlaveHandle, TimeoutError } from 'dist-io';
import { rejection } from '../support/rejection';
import { contract } from './runtimes';

contract('cancellation', (suite) => {
  let slave: SlaveHandle;
  beforeEach(() => {
    slave = suite.createSlave('cancellable.js');
  });
  afterEach(() => slave.exit({ pending: 'abort' }));

  /** Messages keep their order: once this is answered, what the slave has said before has come. */
  const seen = async () => (await slave.exec('seen')).value;

  suite.it("timeout - fails the request, aborts the task's signal, and counts the late answer", async () => {
    await slave.ready();
    const { error, value } = await slave.exec('until aborted', 'a', { timeout: 20 });
    expect(error).to.be.an.instanceOf(TimeoutError);
    expect(error).to.include({ code: 'TIMEOUT', task: 'until aborted', slave: `slave ${slave.id}`, timeout: 20 });
    expect(value).to.equal(undefined);
    expect(await seen()).to.deep.equal([{ name: 'a', reason: 'TimeoutError', message: 'The request timed out.' }]);
    expect(slave.lateAnswers).to.equal(1);
    expect(slave.pending).to.equal(0);
  });

  suite.it('timeout - accepts a duration string, and rejects with rejectOnError', async () => {
    const error = await rejection(slave.exec('deaf', 1, { timeout: '20ms', rejectOnError: true }));
    expect(error).to.be.an.instanceOf(TimeoutError).with.property('timeout', 20);
  });

  suite.it('timeout - metadata take precedence over the slave, the slave over the master', async () => {
    const defaults = { timeout: '1h' };
    const own = suite.createSlave('cancellable.js', { timeout: 25 });
    expect(own.timeout).to.equal(25);
    expect((await own.exec('deaf')).error).to.have.property('timeout', 25);
    own.timeout = '30ms';
    expect(own.timeout).to.equal(30);
    expect((await own.exec('deaf')).error).to.have.property('timeout', 30);
    expect((await own.exec('deaf', 1, { timeout: 20 })).error).to.have.property('timeout', 20);
    expect((await own.exec('echo', 1, defaults)).value).to.equal(1);
    await own.exit({ pending: 'abort' });
  });

  suite.it('timeout - zero and values above the longest timer do not fire at once', async () => {
    for (const timeout of [0, -1, Infinity, 2 ** 40, '100 years'])
      expect((await slave.exec('echo', 'in time', { timeout })).value).to.equal('in time');
  });

  suite.it('timeout - of one request does not affect others', async () => {
    const [late, fine] = await Promise.all([slave.exec('deaf', 1, { timeout: 20 }), slave.exec('echo', 'fine')]);
    expect(late.error).to.be.an.instanceOf(TimeoutError);
    expect(fine.value).to.equal('fine');
  });

  suite.it("signal - an abort fails the request with an AbortError with its reason, and aborts the task's signal", async () => {
    await slave.ready();
    const controller = new AbortController();
    const answer = slave.exec('until aborted', 'b', { signal: controller.signal });
    await seen();
    const reason = new Error('changed my mind');
    controller.abort(reason);
    const { error } = await answer;
    expect(error).to.be.an.instanceOf(AbortError);
    expect(error).to.include({ code: 'ABORTED', task: 'until aborted', reason, cause: reason });
    expect(await seen()).to.deep.equal([{ name: 'b', reason: 'Error', message: 'changed my mind' }]);
    expect(slave.lateAnswers).to.equal(1);
  });

  suite.it("signal - the task's signal has the abort reason, or a general one if that cannot be sent", async () => {
    await slave.ready();
    for (const [given, found] of [
      [
        { name: 'a plain object', message: 'why' },
        { reason: 'a plain object', message: 'why' },
      ],
      [undefined, { reason: 'AbortError', message: 'This operation was aborted' }],
      [() => 'a function', { reason: 'AbortError', message: 'The caller aborted the request.' }],
      [
        { name: 'long', message: 'x'.repeat(2000) },
        { reason: 'AbortError', message: 'The caller aborted the request.' },
      ],
    ] as const) {
      const narrow = suite.createSlave('cancellable.js', { maxPayload: 1000 });
      await narrow.ready();
      const controller = new AbortController();
      const answer = narrow.exec('until aborted', 'r', { signal: controller.signal });
      await narrow.exec('seen');
      controller.abort(given);
      await answer;
      expect((await narrow.exec('seen')).value).to.deep.equal([{ name: 'r', ...found }]);
      await narrow.exit({ pending: 'abort' });
    }
  });

  suite.it('signal - a request with an aborted signal is not sent', async () => {
    const answer = slave.exec('until aborted', 'c', { signal: AbortSignal.abort('over') });
    expect(slave.pending).to.equal(0);
    expect((await answer).error)
      .to.be.an.instanceOf(AbortError)
      .with.property('reason', 'over');
    expect(await seen()).to.deep.equal([]);
  });

  suite.it('signal - an abort after the answer has no effect', async () => {
    const controller = new AbortController();
    const { value } = await slave.exec('echo', 'answered', { signal: controller.signal });
    controller.abort();
    expect(value).to.equal('answered');
    expect(slave.lateAnswers).to.equal(0);
  });

  suite.it('signal - 10,000 requests with one signal leave no listener and cause no warning', async () => {
    const warnings: Error[] = [];
    const listen = (warning: Error) => void warnings.push(warning);
    process.on('warning', listen);
    const { signal } = new AbortController();
    await Promise.all(Array.from({ length: 10_000 }, (_, i) => slave.exec('echo', i, { signal })));
    // Warnings are given in a later tick.
    await new Promise(setImmediate);
    process.off('warning', listen);
    expect(getEventListeners(signal, 'abort')).to.have.length(0);
    expect(warnings).to.deep.equal([]);
  });

  suite.it('signal - an abort fails all requests with that signal and leaves no listener', async () => {
    const controller = new AbortController();
    const answers = Array.from({ length: 100 }, (_, i) => slave.exec('until aborted', i, { signal: controller.signal }));
    controller.abort();
    for (const { error } of await Promise.all(answers)) expect(error).to.be.an.instanceOf(AbortError);
    expect(getEventListeners(controller.signal, 'abort')).to.have.length(0);
    expect(slave.pending).to.equal(0);
  });
});
