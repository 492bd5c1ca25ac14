import { getEventListeners } from 'node:events';
import { expect } from 'chai';
import { AbortError, TimeoutError } from 'dist-io';
import { fixture } from '../support/fixture';
import { rejection } from '../support/rejection';
import { createTeam } from './support/team';

const STEPS = fixture('patterns/pipeline-steps.js');

describe('pipeline: signal and timeout of a run', () => {
  const team = createTeam(STEPS);
  const { master } = team;
  const append = (letter: string) => ['append', { letter }] as const;

  it('signal - aborts the running step', async () => {
    const controller = new AbortController();
    const pipeline = master.createPipeline().addTask('until aborted').for(team.worker1).addTask('who');
    const responding = pipeline.execute(1, { signal: controller.signal });
    controller.abort('enough');
    expect((await responding).error)
      .to.be.an.instanceOf(AbortError)
      .with.property('reason', 'enough');
    expect(getEventListeners(controller.signal, 'abort')).to.deep.equal([]);
  });

  it('signal - an abort between two steps prevents the next one', async () => {
    const before = (await team.worker2.exec('executed')).value;
    const controller = new AbortController();
    const pipeline = master
      .createPipeline()
      .addTask('who')
      .for(team.worker1)
      .intercept(() => controller.abort('enough'));
    const response = await pipeline
      .addTask(...append('c'))
      .for(team.worker2)
      .execute([], { signal: controller.signal });
    expect(response.error).to.be.an.instanceOf(AbortError);
    expect((await team.worker2.exec('executed')).value).to.equal(before);
  });

  it('timeout - is a deadline for all steps and interceptors together', async () => {
    const never = new Promise<never>(() => undefined);
    const options = { timeout: 30 };
    const running = await master.createPipeline().addTask('until aborted', { timeout: '1h' }).for(team.worker1).execute(1, options);
    expect(running.error).to.be.an.instanceOf(TimeoutError);
    const pipeline = master
      .createPipeline()
      .addTask('who')
      .for(team.worker1)
      .intercept(() => never);
    const intercepted = await pipeline.execute([], options);
    expect(intercepted).to.include({ value: undefined, task: 'who', slave: team.worker1 });
    expect(intercepted.error).to.be.an.instanceOf(TimeoutError).with.property('timeout', 30);
    const strict = master
      .createPipeline()
      .addTask('who', { rejectOnError: true })
      .for(team.worker1)
      .intercept(() => never);
    expect(await rejection(strict.execute([], options))).to.be.an.instanceOf(TimeoutError);
  });

  it('timeout - the error has the timeout of the run, not the remainder for a step', async () => {
    const pipeline = master
      .createPipeline()
      .addTask('who')
      .for(team.worker1)
      .intercept(() => new Promise<void>((resolve) => setTimeout(resolve, 5)));
    const { error, slave } = await pipeline.addTask('until aborted').for(team.worker2).execute([], { timeout: 100 });
    expect(error).to.be.an.instanceOf(TimeoutError).with.property('timeout', 100);
    expect(slave).to.equal(team.worker2);
  });

  it('timeout - after it no step is sent', async () => {
    const before = (await team.worker2.exec('executed')).value;
    // Holds this thread until the time is up, so that no timer could fire.
    const sleep = () => void Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 60);
    const late = (metadata: { rejectOnError?: boolean }) => {
      const pipeline = master.createPipeline().addTask('who').for(team.worker1).intercept(sleep);
      return pipeline.addTask('who', metadata).for(team.worker2).execute([], { timeout: 50 });
    };
    expect((await late({})).error).to.be.an.instanceOf(TimeoutError);
    expect(await rejection(late({ rejectOnError: true }))).to.be.an.instanceOf(TimeoutError);
    expect((await team.worker2.exec('executed')).value).to.equal(before);
  });

  it('leaks - runs of every kind leave no listener on a signal', async () => {
    const { signal } = new AbortController();
    const pipeline = master
      .createPipeline<number, number>()
      .addTask('even', { signal })
      .for(team.inline)
      .intercept(() => Promise.resolve());
    for (let i = 0; i < 20; i++) {
      await pipeline.execute(i, { signal, timeout: '1m' });
      for await (const value of pipeline.map([0, 2, 4], { signal, timeout: '1m' })) if (value === i) break;
      await rejection(pipeline.map([1], { signal }).next());
    }
    expect(getEventListeners(signal, 'abort')).to.deep.equal([]);
  });
});
