import { expect } from 'chai';
import { SerializationError, type SlaveHandle, TimeoutError, UnknownTaskError } from 'dist-io';
import { contract } from './runtimes';

contract('retries', (world) => {
  let slave: SlaveHandle;
  before(() => (slave = world.createSlave('flaky.js')));

  world.it('retries - without them, a task is executed once', async () => {
    const response = await slave.exec('succeed at', 2);
    expect(response.error).to.have.property('message', 'attempt 1');
    expect(response.attempt).to.equal(1);
  });

  world.it('retries - a task that threw is executed again, and finds the number of the try', async () => {
    const response = await slave.exec('succeed at', 3, { retries: 2 });
    expect([response.value, response.attempt]).to.deep.equal([3, 3]);
  });

  world.it('retries - the last error is the answer', async () => {
    const response = await slave.exec('succeed at', 9, { retries: 2 });
    expect(response.error).to.have.property('message', 'attempt 3');
    expect(response.attempt).to.equal(3);
  });

  world.it('retries - what dist-io refuses is not tried again', async () => {
    const unknown = await slave.exec('no such task', 1, { retries: 5 });
    expect(unknown.error).to.be.an.instanceOf(UnknownTaskError);
    const unsendable = await slave.exec('return a function', 1, { retries: 5 });
    expect(unsendable.error).to.be.an.instanceOf(SerializationError);
    expect([unknown.attempt, unsendable.attempt]).to.deep.equal([1, 1]);
  });

  world.it('retries - the time is for all tries together', async () => {
    const response = await slave.exec('never answers', 1, { retries: 5, timeout: 20 });
    expect(response.error).to.be.an.instanceOf(TimeoutError);
    expect(response.attempt).to.equal(1);
  });

  world.it('retries - must be a whole number', () => {
    for (const retries of [-1, 0.5, '1', NaN] as number[])
      expect(() => slave.exec('succeed at', 1, { retries })).to.throw(TypeError, 'retries');
  });

  world.it('retries - the metadata stay as they were, and retries do not travel', async () => {
    const metadata = Object.freeze({ retries: 1, own: true });
    expect((await slave.exec('succeed at', 2, metadata)).value).to.equal(2);
  });
});
