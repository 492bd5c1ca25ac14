import { expect } from 'chai';
import { Master, type SlaveHandle } from 'dist-io';
import { fixture } from '../support/fixture';
import { rejection } from '../support/rejection';

describe('pipeline: removeTask and end(error)', () => {
  const master = new Master({ runtime: 'inline' });
  let slave: SlaveHandle;
  before(() => (slave = master.createSlave(fixture('patterns/pipeline-steps.js'))));
  after(() => master.exit({ pending: 'abort' }));

  it('removeTask - removes a step, or every step of a name', async () => {
    const pipeline = master.createPipeline();
    const first = pipeline.addTask('append', { letter: 'b' });
    const second = pipeline.addTask('append', { letter: 'c' });
    expect((await second.removeTask(first).execute('a')).value).to.equal('ac');
    pipeline.addTask('no such task');
    expect((await pipeline.removeTask('no such task').removeTask('neither').execute('a')).value).to.equal('ac');
  });

  it('end - an error fails the pipeline, as done(error) fails a task', async () => {
    const error = new RangeError('no more');
    const pipeline = master.createPipeline().addTask('append', { letter: 'b' });
    pipeline.intercept((_, end) => end(error)).addTask('append', { letter: 'c' });
    expect(await pipeline.execute('a')).to.include({ value: undefined, ok: false, error, from: slave.id, task: 'append' });
    expect(await rejection(pipeline.map(['a']).next())).to.equal(error);
  });

  it('end - an error rejects with rejectOnError', async () => {
    const error = new RangeError('no more');
    const step = master.createPipeline().addTask('append', { letter: 'b', rejectOnError: true });
    expect(await rejection(step.intercept((_, end) => end(error)).execute('a'))).to.equal(error);
  });
});
