import { expect } from 'chai';
import { SerializationError, type SlaveHandle, TimeoutError, UnknownTaskError } from 'dist-io';
import { alwaysRetry } from '../support/always-retry';
import { contract } from './runtimes';

contract('retries', (suite) => {
  let slave: SlaveHandle;
  before(() => (slave = suite.createSlave('flaky.js')));

  suite.it('retries - without them, a task is executed once', async () => {
    const response = await slave.exec('succeed at', 2);
    expect(response.error).to.have.property('message', 'attempt 1');
    expect(response.attempt).to.equal(1);
  });

  suite.it('retries - a failed task is executed again with the next attempt number', async () => {
    const response = await slave.exec('succeed at', 3, { retries: alwaysRetry(2) });
    expect(response).to.include({ value: 3, attempt: 3 });
  });

  suite.it('retries - the response has the last error', async () => {
    const response = await slave.exec('succeed at', 9, { retries: alwaysRetry(2) });
    expect(response.error).to.have.property('message', 'attempt 3');
    expect(response.attempt).to.equal(3);
  });

  suite.it('retries - a number does not repeat a task that threw', async () => {
    const response = await slave.exec('succeed at', 3, { retries: 5 });
    expect([response.error?.message, response.attempt]).to.deep.equal(['attempt 1', 1]);
  });

  suite.it('retries - on decides after each error that the task throws', async () => {
    const asked: string[] = [];
    const on = (error: Error): boolean => asked.push(error.message) < 2;
    const response = await slave.exec('succeed at', 9, { retries: { times: 5, on } });
    expect([response.error?.message, response.attempt]).to.deep.equal(['attempt 2', 2]);
    expect(asked).to.deep.equal(['attempt 1', 'attempt 2']);
  });

  suite.it('retries - errors of dist-io are not retried', async () => {
    const unknown = await slave.exec('no such task', 1, { retries: alwaysRetry(5) });
    expect(unknown.error).to.be.an.instanceOf(UnknownTaskError);
    const unsendable = await slave.exec('return a function', 1, { retries: alwaysRetry(5) });
    expect(unsendable.error).to.be.an.instanceOf(SerializationError);
    expect([unknown.attempt, unsendable.attempt]).to.deep.equal([1, 1]);
  });

  suite.it('retries - the timeout covers all attempts', async () => {
    const response = await slave.exec('never answers', 1, { retries: alwaysRetry(5), timeout: 20 });
    expect(response.error).to.be.an.instanceOf(TimeoutError);
    expect(response.attempt).to.equal(1);
  });

  suite.it('retries - must be an integer, or times and on', () => {
    const on = (): boolean => true;
    for (const retries of [-1, 0.5, '1', NaN, null, {}, { times: 1 }, { on }, { times: -1, on }, { times: 1, on, until: 2 }] as never[])
      expect(() => slave.exec('succeed at', 1, { retries })).to.throw(TypeError, 'retries');
  });

  suite.it('retries - metadata stay unchanged and do not contain retries in the task', async () => {
    const metadata = Object.freeze({ retries: alwaysRetry(1), own: true });
    expect((await slave.exec('succeed at', 2, metadata)).value).to.equal(2);
  });
});
