import { getEventListeners, once } from 'node:events';
import { expect } from 'chai';
import { AbortError, TimeoutError } from 'dist-io';
import { eventually } from '../support/eventually';
import { fixture } from '../support/fixture';
import { rejection } from '../support/rejection';
import { createTeam } from './support/team';

const STEPS = fixture('patterns/pipeline-steps.js');

describe('pipeline.map: signal and timeout', () => {
  const team = createTeam(STEPS);
  const { master } = team;
  const identity = () => master.createPipeline<number, number>().addTask('even');

  const stuck = { [Symbol.asyncIterator]: () => ({ next: () => new Promise<never>(() => undefined) }) };

  it("signal - ends the iteration during the source's pending next", async () => {
    const controller = new AbortController();
    const waiting = identity().map(stuck, { signal: controller.signal }).next();
    controller.abort('enough');
    expect(await rejection(waiting))
      .to.be.an.instanceOf(AbortError)
      .with.property('reason', 'enough');
    expect(getEventListeners(controller.signal, 'abort')).to.deep.equal([]);
    const none = identity().map(stuck, { signal: AbortSignal.abort('too late') });
    expect(await rejection(none.next()))
      .to.be.an.instanceOf(AbortError)
      .with.property('reason', 'too late');
  });

  it('signal - aborts running requests', async () => {
    const controller = new AbortController();
    const waiting = master.createPipeline().addTask('until aborted').for(team.worker1).map([1, 2], { signal: controller.signal }).next();
    await once(team.worker1, 'request');
    controller.abort('enough');
    expect(await rejection(waiting))
      .to.be.an.instanceOf(AbortError)
      .with.property('reason', 'enough');
    expect(team.worker1.pending).to.equal(0);
  });

  it('signal - has no effect after the last value', async () => {
    const state = { ended: false };
    function* source() {
      yield* [0, 2, 4];
      state.ended = true;
    }
    const controller = new AbortController();
    const values: number[] = [];
    for await (const value of identity().for(team.inline).map(source(), { signal: controller.signal, highWaterMark: 5 })) {
      values.push(value);
      await eventually(() => team.inline.pending === 0 && state.ended);
      controller.abort('too late');
    }
    expect(values).to.deep.equal([0, 2, 4]);
  });

  it('timeout - is a deadline for the iteration, including the source', async () => {
    const stopped = rejection(identity().map(stuck, { timeout: 20 }).next());
    expect(await stopped)
      .to.be.an.instanceOf(TimeoutError)
      .and.to.include({ slave: null, timeout: 20, task: 'even' });
    const deaf = master.createPipeline().addTask('until aborted').for(team.worker1).map([1], { timeout: 20 }).next();
    expect(await rejection(deaf)).to.be.an.instanceOf(TimeoutError);
  });
});
