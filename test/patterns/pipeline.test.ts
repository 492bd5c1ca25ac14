import { expect } from 'chai';
import { alwaysRetry } from '../support/always-retry';
import { fixture } from '../support/fixture';
import { createTeam } from './support/team';

const STEPS = fixture('patterns/pipeline-steps.js');

describe('pipeline', () => {
  const team = createTeam(STEPS);
  const { master } = team;
  const append = (letter: string) => ['append', { letter }] as const;

  it("execute - each step gets the previous step's value; the last response is the result", async () => {
    const pipeline = master
      .createPipeline<string, string>()
      .addTask(...append('b'))
      .for(team.worker1)
      .addTask(...append('c'))
      .for(team.worker2);
    const response = await pipeline
      .addTask(...append('d'))
      .for(team.inline)
      .execute('a');
    expect(response).to.include({ value: 'abcd', error: null, from: team.inline.id, slave: team.inline, task: 'append' });
  });

  it('for - applies to the step it was called on, even after others were added', async () => {
    const pipeline = master.createPipeline();
    const first = pipeline.addTask('who');
    pipeline.addTask('who').for(team.worker2);
    first.for(team.inline);
    expect((await pipeline.execute([])).value).to.deep.equal([team.inline.id, team.worker2.id]);
  });

  it('for - accepts every kind of selector; a second call replaces them', async () => {
    const pipeline = master
      .createPipeline()
      .addTask('who')
      .for(team.worker1)
      .for([team.inline])
      .addTask('who')
      .for('worker-1')
      .addTask('who')
      .for(team.worker1.id);
    expect((await pipeline.execute([])).value).to.deep.equal([team.inline.id, team.worker2.id, team.worker1.id]);
  });

  it('for - the least busy of several slaves executes the step', async () => {
    const waiting = team.worker1.exec('hold');
    const pipeline = master.createPipeline().addTask('who').for('workers');
    const { value } = await pipeline.execute([]);
    await team.worker1.exec('release');
    await waiting;
    expect(value).to.deep.equal([team.worker2.id]);
  });

  it('for - a slave that joins the group later is included in later runs', async () => {
    const pipeline = master.createPipeline().addTask('who').for('newcomers');
    team.worker1.group = 'newcomers';
    const waiting = team.worker1.exec('hold');
    const before = await pipeline.execute([]);
    team.worker2.group = 'newcomers';
    const after = await pipeline.execute([]);
    team.worker1.group = team.worker2.group = 'workers';
    await team.worker1.exec('release');
    await waiting;
    expect([before.value, after.value]).to.deep.equal([[team.worker1.id], [team.worker2.id]]);
  });

  it('without for - any living slave may execute the step', async () => {
    const waiting = Promise.all([team.worker1.exec('hold'), team.inline.exec('hold')]);
    const { value } = await master.createPipeline().addTask('who').addTask('who').execute([]);
    await Promise.all([team.worker1.exec('release'), team.inline.exec('release')]);
    await waiting;
    expect(value).to.deep.equal([team.worker2.id, team.worker2.id]);
  });

  it('reuse - runs may overlap and have their own responses', async () => {
    const pipeline = master
      .createPipeline<string, string>()
      .addTask(...append('1'))
      .addTask(...append('2'));
    const responses = await Promise.all(['a', 'b', 'c'].map((letter) => pipeline.execute(letter)));
    expect(responses.map(({ value }) => value)).to.deep.equal(['a12', 'b12', 'c12']);
    expect((await pipeline.addTask(...append('3')).execute('d')).value).to.equal('d123');
  });

  it('metadata - are sent as they were when the step was added; retries apply to each step', async () => {
    const metadata = { letter: 'b' };
    const pipeline = master
      .createPipeline()
      .addTask('append', metadata)
      .addTask('fail at first', Object.freeze({ retries: alwaysRetry(2) }));
    metadata.letter = 'x';
    expect(await pipeline.execute('a')).to.include({ value: 'ab', attempt: 3 });
    expect(metadata).to.deep.equal({ letter: 'x' });
  });
});
