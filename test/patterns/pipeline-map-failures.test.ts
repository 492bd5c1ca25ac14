import { expect } from 'chai';
import { NoSlaveError, SlaveDiedError, UnknownSlaveError } from 'dist-io';
import { eventually } from '../support/eventually';
import { fixture } from '../support/fixture';
import { rejection } from '../support/rejection';
import { createTeam } from './support/team';
import { collect } from '../support/collect';

const STEPS = fixture('patterns/pipeline-steps.js');

describe('pipeline.map: failures', () => {
  const team = createTeam(STEPS);
  const { master } = team;
  const identity = () => master.createPipeline<number, number>().addTask('even');

  it('error - is thrown after the values of earlier items and closes the source', async () => {
    let closed = false;
    function* source() {
      try {
        for (const i of [0, 2, 3, 4, 5, 6, 8, 10, 12, 14, 16]) yield i;
        expect.fail('It was asked for more.');
      } finally {
        closed = true;
      }
    }
    const values: number[] = [];
    const iterating = (async () => {
      for await (const value of identity().for(team.worker1).addTask('even').map(source())) values.push(value);
    })();
    expect(await rejection(iterating))
      .to.be.an.instanceOf(RangeError)
      .with.property('message', '3 is odd');
    expect(values).to.deep.equal([0, 2]);
    expect(closed).to.equal(true);
  });

  it('error - no later item is started and the source is not read on', async () => {
    let hasFailed = (): void => undefined;
    const failed = new Promise<void>((resolve) => (hasFailed = resolve));
    let asked = 0;
    async function* source() {
      for (const item of [0, 1, 2, 4]) {
        // It is being asked for the third one while the second one fails.
        if (++asked === 3) await failed;
        yield item;
      }
    }
    const begun: unknown[] = [];
    const listen = (_task: string, data: unknown) => begun.push(data);
    team.inline.on('request', listen);
    const iterating = (async () => {
      for await (const value of identity().for(team.inline).map(source(), { highWaterMark: 10 })) {
        expect(value).to.equal(0);
        await eventually(() => team.inline.pending === 0 && asked === 3);
        hasFailed();
        for (let i = 0; i < 5; i++) await new Promise(setImmediate);
      }
    })();
    expect(await rejection(iterating)).to.be.an.instanceOf(RangeError);
    team.inline.off('request', listen);
    expect(begun).to.deep.equal([0, 1]);
    expect(asked).to.equal(3);
  });

  it('error - takes precedence over the error of closing the source', async () => {
    const source = {
      [Symbol.asyncIterator]: () => ({
        next: () => Promise.resolve({ done: false, value: 1 }),
        return: () => Promise.reject(new Error('cannot close')),
      }),
    };
    expect(await rejection(collect(identity().map(source)))).to.be.an.instanceOf(RangeError);
  });

  it('error - of the source is thrown after the values of earlier items', async () => {
    function* source() {
      yield 0;
      yield 2;
      throw new Error('no more');
    }
    const values = identity().map(source());
    expect([(await values.next()).value, (await values.next()).value]).to.deep.equal([0, 2]);
    expect(await rejection(values.next())).to.have.property('message', 'no more');
    expect((await values.next()).done).to.equal(true);
  });

  it('error - of an interceptor is thrown', async () => {
    const pipeline = identity().intercept(() => Promise.reject(new Error('from the interceptor')));
    expect(await rejection(collect(pipeline.map([2])))).to.have.property('message', 'from the interceptor');
  });

  it('death - fails the item that the slave was executing', async () => {
    const mortal = master.createSlave(STEPS);
    const pipeline = identity().for(team.worker1).addTask('die').for(mortal);
    expect(await rejection(collect(pipeline.map([2, 4])))).to.be.an.instanceOf(SlaveDiedError);
  });

  it('unknown slave, no slave - throw before the source is read', async () => {
    const source = { [Symbol.iterator]: () => expect.fail('It was touched.') };
    expect(await rejection(identity().for('nobody').map(source).next())).to.be.an.instanceOf(UnknownSlaveError);
    expect(await rejection(identity().for([]).map(source).next())).to.be.an.instanceOf(NoSlaveError);
  });
});
