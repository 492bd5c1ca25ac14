import { getEventListeners, once } from 'node:events';
import { expect } from 'chai';
import { AbortError, type SlaveHandle, TimeoutError } from 'dist-io';
import { fixture } from '../support/fixture';
import { rejection } from '../support/rejection';
import { createTeam } from './support/team';

const TASKS = fixture('patterns/scatter-tasks.js');

describe('scatter: signal and timeout of a run', () => {
  const team = createTeam(TASKS, { group: 'workers' });
  const { master } = team;
  let slaves: SlaveHandle[];
  before(() => (slaves = [team.worker1, team.worker2, team.inline]));

  it('signal - an abort settles every task without a response', async () => {
    const controller = new AbortController();
    const gathering = master.createScatter('hold', { odd: 'fail' }).data(1, 2).gather(slaves[0], slaves[1], { signal: controller.signal });
    await once(slaves[0], 'response');
    controller.abort('enough');
    const [failed, aborted] = await gathering;
    expect(failed.error).to.be.an.instanceOf(RangeError);
    expect(aborted.error).to.be.an.instanceOf(AbortError).with.property('reason', 'enough');
    expect(getEventListeners(controller.signal, 'abort')).to.deep.equal([]);
  });

  it('signal - an abort rejects a reduce', async () => {
    const controller = new AbortController();
    const folding = master
      .createScatter('deaf')
      .data(1, 2)
      .reduce(() => 0, 0, slaves[2], { signal: controller.signal });
    controller.abort('enough');
    expect(await rejection(folding))
      .to.be.an.instanceOf(AbortError)
      .with.property('reason', 'enough');
    expect(getEventListeners(controller.signal, 'abort')).to.deep.equal([]);
  });

  it('timeout - is a deadline for the whole run', async () => {
    const responses = await master.createScatter('deaf', { timeout: '1h' }).data(1, 2, 3).gather(slaves, { timeout: 20 });
    expect(responses.map(({ error }) => error?.constructor)).to.deep.equal([TimeoutError, TimeoutError, TimeoutError]);
    const own = await master.createScatter('deaf', { timeout: 5 }).data(1).gather(slaves, { timeout: '1h' });
    expect(own[0].error).to.have.property('timeout', 5);
  });
});
