import { expect } from 'chai';
import { Master, NoSlaveError, SlaveDiedError, UnknownSlaveError } from 'dist-io';
import { fixture } from '../support/fixture';
import { rejection } from '../support/rejection';
import { createTeam } from './support/team';

const STEPS = fixture('patterns/pipeline-steps.js');

describe('pipeline: failures', () => {
  const team = createTeam(STEPS);
  const { master } = team;
  const append = (letter: string) => ['append', { letter }] as const;

  it('error - ends the run without further steps or interceptors', async () => {
    const before = (await team.worker2.exec('executed')).value;
    const pipeline = master
      .createPipeline()
      .addTask('fail')
      .for(team.worker1)
      .intercept(() => expect.fail('It was called.'));
    const response = await pipeline
      .addTask(...append('c'))
      .for(team.worker2)
      .execute('on purpose');
    expect(response).to.include({ ok: false, value: undefined, from: team.worker1.id, task: 'fail' });
    expect(response.error).to.be.an.instanceOf(RangeError).with.property('message', 'on purpose');
    expect((await team.worker2.exec('executed')).value).to.equal(before);
  });

  it('rejectOnError - of a step rejects with its error', async () => {
    const pipeline = master
      .createPipeline()
      .addTask('fail', { rejectOnError: true })
      .addTask(...append('c'));
    expect(await rejection(pipeline.execute('on purpose'))).to.be.an.instanceOf(RangeError);
  });

  it('unknown slave, no slave - reject before any step is executed', async () => {
    const before = (await team.worker1.exec('executed')).value;
    const pipeline = master
      .createPipeline()
      .addTask(...append('b'))
      .for(team.worker1);
    expect(await rejection(pipeline.addTask('who').for('nobody').execute('a'))).to.be.an.instanceOf(UnknownSlaveError);
    expect(await rejection(master.createPipeline().addTask('who').for([]).execute(1))).to.be.an.instanceOf(NoSlaveError);
    expect(await rejection(new Master().createPipeline().addTask('who').execute(1))).to.be.an.instanceOf(NoSlaveError);
    expect((await team.worker1.exec('executed')).value).to.equal(before);
  });

  it('no step - rejects', async () => {
    expect(await rejection(master.createPipeline().execute(1))).to.be.an.instanceOf(TypeError);
    expect(await rejection(master.createPipeline().map([1]).next())).to.be.an.instanceOf(TypeError);
  });

  it('death - fails the step; a slave that died since is skipped', async () => {
    const mortal = master.createSlave(STEPS);
    const pipeline = master.createPipeline().addTask('die').for(mortal).addTask('who').for(team.worker1);
    expect((await pipeline.execute(1)).error).to.be.an.instanceOf(SlaveDiedError);
    expect((await pipeline.execute(1)).error).to.be.an.instanceOf(SlaveDiedError);
    expect((await master.createPipeline().addTask('who').for(mortal, team.worker1).execute([])).value).to.deep.equal([team.worker1.id]);
  });

  it('arguments - of a wrong type throw at once', () => {
    const pipeline = master.createPipeline();
    const wrong = (value: unknown): never => value as never;
    expect(() => pipeline.addTask(wrong(undefined))).to.throw(TypeError);
    expect(() => pipeline.addTask('who', { timeout: 'soon' })).to.throw(TypeError);
    expect(() => pipeline.addTask('who').intercept(wrong('x'))).to.throw(TypeError);
    expect(() => pipeline.execute(1, { timeout: 'soon' })).to.throw(TypeError);
    for (const source of [1, {}, null, undefined]) expect(() => pipeline.map(wrong(source))).to.throw(TypeError, 'iterable');
    for (const highWaterMark of [0, -1, 1.5, '2', NaN])
      expect(() => pipeline.map([], { highWaterMark: wrong(highWaterMark) })).to.throw(TypeError);
    expect(() => pipeline.map([], { signal: wrong({}) })).to.throw(TypeError);
    expect(() => pipeline.execute(1, wrong({ highWaterMark: 1 }))).to.throw(TypeError, `There is no option 'highWaterMark'`);
    expect(() => pipeline.map([], wrong({ concurrency: 1 }))).to.throw(TypeError, `There is no option 'concurrency'`);
  });
});
