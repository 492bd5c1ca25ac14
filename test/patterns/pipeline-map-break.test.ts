import { expect } from 'chai';
import { eventually } from '../support/eventually';
import { fixture } from '../support/fixture';
import { rejection } from '../support/rejection';
import { createTeam } from './support/team';
import { collect } from '../support/collect';

const STEPS = fixture('patterns/pipeline-steps.js');

describe('pipeline.map: break', () => {
  const team = createTeam(STEPS);
  const { master } = team;
  const identity = () => master.createPipeline<number, number>().addTask('even');

  it('break - closes the source and waits for it', async () => {
    let closed = false;
    async function* source() {
      try {
        for (let i = 0; ; i += 2) yield await Promise.resolve(i);
      } finally {
        await new Promise(setImmediate);
        closed = true;
      }
    }
    for await (const value of identity().map(source())) if (value === 4) break;
    expect(closed).to.equal(true);
  });

  it('break - aborts running requests', async () => {
    const pipeline = master
      .createPipeline<number, number>()
      .addTask('even')
      .for(team.inline)
      .intercept<number>(({ value }, end) => (value === 0 ? end() : undefined));
    pipeline.addTask('until aborted').for(team.worker1);
    const before = (await team.worker1.exec('aborted')).value as number;
    let atWork = 0;
    let running: number | undefined;
    function* source() {
      try {
        yield 0;
        for (;;) yield 2;
      } finally {
        running = team.worker1.pending;
      }
    }
    for await (const value of pipeline.map(source(), { highWaterMark: 2 })) {
      expect(value).to.equal(0);
      await eventually(() => (atWork = team.worker1.pending) > 0);
      break;
    }
    expect([running, team.worker1.pending]).to.deep.equal([0, 0]);
    expect((await team.worker1.exec('aborted')).value).to.equal(before + atWork);
  });

  it("break - does not wait for a source's pending next", async () => {
    let returned = 0;
    let calls = 0;
    const source = {
      [Symbol.asyncIterator]: () => ({
        next: () => (calls++ === 0 ? Promise.resolve({ done: false as const, value: 2 }) : new Promise<never>(() => undefined)),
        return: () => {
          returned++;
          return new Promise<never>(() => undefined);
        },
      }),
    };
    for await (const value of identity().map(source)) {
      expect(value).to.equal(2);
      await eventually(() => calls === 2);
      break;
    }
    expect(returned).to.equal(1);
  });

  it('break - throws the error of closing the source', async () => {
    function* source() {
      try {
        for (;;) yield 2;
      } finally {
        // eslint-disable-next-line no-unsafe-finally -- that is what is tested
        throw new Error('cannot close');
      }
    }
    const leaving = (async () => {
      for await (const value of identity().map(source())) if (value === 2) break;
    })();
    expect(await rejection(leaving)).to.have.property('message', 'cannot close');
  });

  it('end - a source that ended by itself is not closed', async () => {
    let left = 3;
    const source = {
      [Symbol.asyncIterator]: () => ({
        next: () => Promise.resolve({ done: --left === 0, value: 2 }),
        return: () => expect.fail('It was told.'),
      }),
    };
    expect(await collect(identity().map(source))).to.deep.equal([2, 2]);
  });
});
