import { getEventListeners } from 'node:events';
import { expect } from 'chai';
import { AbortError, Master, TimeoutError, type SlaveHandle, type WorkpoolMapOptions } from 'dist-io';
import { collect } from '../support/collect';
import { fixture } from '../support/fixture';
import { started } from './support/held-jobs';
import { iterationError } from './support/iteration-error';
import { Numbers } from './support/numbers';

const TASKS = fixture('patterns/workpool-tasks.js');

describe('workpool.map: limits', () => {
  let master: Master;
  let worker1: SlaveHandle, worker2: SlaveHandle;
  beforeEach(() => {
    master = new Master({ runtime: 'inline' });
    [worker1, worker2] = master.createSlaves(2, TASKS);
  });
  afterEach(() => master.exit({ pending: 'abort' }));

  it('signal - an abort ends the map at once', async () => {
    const controller = new AbortController();
    const numbers = new Numbers();
    const pool = master.createWorkpool(worker1, worker2);
    const ending = iterationError(pool.map(numbers, 'hold', { signal: controller.signal }));
    await started(worker2);
    controller.abort('enough');
    expect(await ending)
      .to.be.instanceOf(AbortError)
      .and.to.include({ reason: 'enough' });
    expect(numbers.closed).to.equal(1);
    expect([pool.running, pool.waiting]).to.deep.equal([2, 0]);
    expect(getEventListeners(controller.signal, 'abort')).to.have.length(0);
  });

  it("signal - an abort ends the map during the source's pending next", async () => {
    const controller = new AbortController();
    const silent = { [Symbol.asyncIterator]: () => ({ next: () => new Promise<never>(() => undefined) }) };
    const ending = iterationError(master.createWorkpool(worker1).map(silent, 'echo', { signal: controller.signal }));
    controller.abort();
    expect(await ending).to.be.instanceOf(AbortError);
  });

  it('signal - with an aborted signal nothing is read', async () => {
    const numbers = new Numbers();
    const options: WorkpoolMapOptions[] = [{ signal: AbortSignal.abort() }, { metadata: { signal: AbortSignal.abort() } }];
    for (const option of options)
      expect(await iterationError(master.createWorkpool(worker1).map(numbers, 'echo', option))).to.be.instanceOf(AbortError);
    expect(numbers.read).to.equal(0);
  });

  it('timeout - ends the map', async () => {
    const pool = master.createWorkpool(worker1, worker2);
    const error = await iterationError(pool.map(new Numbers(), 'hold', { timeout: 5 }));
    expect(error).to.be.instanceOf(TimeoutError).and.to.include({ task: 'hold', timeout: 5 });
    expect(pool.waiting).to.equal(0);
  });

  it('signal - no listener is left after a complete map', async () => {
    const { signal } = new AbortController();
    await collect(master.createWorkpool(worker1, worker2).map([1, 2, 3], 'echo', { signal, timeout: '1h', metadata: { signal } }));
    expect(getEventListeners(signal, 'abort')).to.have.length(0);
  });
});
