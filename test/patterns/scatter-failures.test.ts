import { expect } from 'chai';
import { Master, NoSlaveError, SlaveDiedError, type SlaveHandle, UnknownSlaveError } from 'dist-io';
import { fixture } from '../support/fixture';
import { rejection } from '../support/rejection';
import { createTeam } from './support/team';

const TASKS = fixture('patterns/scatter-tasks.js');

describe('scatter: failures', () => {
  const team = createTeam(TASKS, { group: 'workers' });
  const { master } = team;
  let slaves: SlaveHandle[];
  before(() => (slaves = [team.worker1, team.worker2, team.inline]));

  it('error - is at the position of its item, which counts as sent', async () => {
    const scatter = master.createScatter('even').data(0, 1, 2);
    const responses = await scatter.gather(slaves);
    expect(responses.map(({ ok }) => ok)).to.deep.equal([true, false, true]);
    expect(responses.errors[0]).to.be.an.instanceOf(RangeError).with.property('message', '1 is odd');
    expect([...(await scatter.gather(slaves))]).to.deep.equal([]);
  });

  it('rejectOnError - rejects with the error', async () => {
    const gathering = master.createScatter('even', { rejectOnError: true }).data(0, 1, 2).gather(slaves);
    expect(await rejection(gathering)).to.be.an.instanceOf(RangeError);
  });

  it('unknown slave, no slave - reject and keep the items', async () => {
    const scatter = master.createScatter('echo').data(1, 2);
    expect(await rejection(scatter.gather(slaves, 'nobody'))).to.be.an.instanceOf(UnknownSlaveError);
    expect(await rejection(scatter.gather([])))
      .to.be.an.instanceOf(NoSlaveError)
      .with.property('task', 'echo');
    expect(await rejection(new Master().createScatter('echo').gather())).to.be.an.instanceOf(NoSlaveError);
    expect((await scatter.gather(slaves)).values).to.deep.equal([1, 2]);
  });

  it('death - fails only the items sent to that slave', async () => {
    const mortal = master.createSlave(TASKS);
    const responses = await master.createScatter('die at 0').data(0, 1, 2, 3).gather(mortal, slaves[0]);
    expect(responses.map(({ error }) => error?.constructor)).to.deep.equal([SlaveDiedError, undefined, SlaveDiedError, undefined]);
    const folding = master.createScatter<number, number>('echo').data(1, 2).reduce(Math.max, 0, mortal, slaves[0]);
    expect(await rejection(folding)).to.be.an.instanceOf(SlaveDiedError);
  });

  it('arguments - of a wrong type throw at once', () => {
    const wrong = (value: unknown): never => value as never;
    for (const task of [1, '', undefined]) expect(() => master.createScatter(wrong(task))).to.throw(TypeError);
    for (const chunkSize of [0, -1, 1.5, '2', Infinity])
      expect(() => master.createScatter('echo', { chunkSize: wrong(chunkSize) })).to.throw(TypeError);
    expect(() => master.createScatter('echo', { chunk: wrong(1) })).to.throw(TypeError);
    expect(() => master.createScatter('echo', { chunk: true, chunkSize: 2 })).to.throw(TypeError, 'exclude each other');
    expect(() => master.createScatter('echo', { timeout: 'soon' })).to.throw(TypeError);
    expect(() => master.createScatter('echo').reduce(wrong(undefined), 0)).to.throw(TypeError);
    expect(() => master.createScatter('echo').gather(slaves, { timeout: 'soon' })).to.throw(TypeError);
    expect(() => master.createScatter('echo').gather(slaves, wrong({ chunk: true }))).to.throw(TypeError, `There is no option 'chunk'`);
  });

  it('arguments - undefined as a selector throws a TypeError', async () => {
    for (const selector of [null, undefined] as never[])
      expect(await rejection(master.createScatter('echo').data(1).gather(selector)))
        .to.be.an.instanceOf(TypeError)
        .with.property('message')
        .that.contains('A selector is');
  });
});
