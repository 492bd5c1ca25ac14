import { getEventListeners } from 'node:events';
import { expect } from 'chai';
import { eventually } from '../support/eventually';
import { fixture } from '../support/fixture';
import { createTeam } from './support/team';
import { collect } from '../support/collect';

const STEPS = fixture('patterns/pipeline-steps.js');

describe('pipeline.map', () => {
  const team = createTeam(STEPS);
  const { master } = team;
  const identity = () => master.createPipeline<number, number>().addTask('even');

  describe('values', () => {
    it('values - are in the order of the source, whatever kind of iterable it is', async () => {
      const pipeline = master.createPipeline<string, string>().addTask('append', { letter: '1' }).addTask('append', { letter: '2' });
      const expected = ['a12', 'b12', 'c12'];
      async function* generate() {
        yield 'a';
        yield await Promise.resolve('b');
        yield 'c';
      }
      expect(await collect(pipeline.map(['a', 'b', 'c']))).to.deep.equal(expected);
      expect(await collect(pipeline.map('abc'))).to.deep.equal(expected);
      expect(await collect(pipeline.map(new Set('abc')))).to.deep.equal(expected);
      expect(await collect(pipeline.map(generate()))).to.deep.equal(expected);
      expect(await collect(pipeline.map(pipeline.map('abc')))).to.deep.equal(['a1212', 'b1212', 'c1212']);
      expect(await collect(pipeline.map([]))).to.deep.equal([]);
    });

    it("values - interceptors may change a value or end an item's pipeline; its position stays", async () => {
      const pipeline = master.createPipeline<string, string>().addTask('append', { letter: '1' });
      pipeline.intercept(({ value }, end) => (value === 'b1' ? end('ended') : undefined));
      pipeline
        .addTask('append', { letter: '2' })
        .addTask('append', { letter: '3' })
        .intercept(({ value }) => `${String(value)}!`);
      expect(await collect(pipeline.map(['a', 'b', 'c', 'b']))).to.deep.equal(['a123!', 'ended', 'c123!', 'ended']);
    });

    it('values - concurrent iterations do not mix', async () => {
      const pipeline = identity();
      const [even, tens] = await Promise.all([collect(pipeline.map([2, 4, 6, 8])), collect(pipeline.map([10, 20, 30]))]);
      expect([even, tens]).to.deep.equal([
        [2, 4, 6, 8],
        [10, 20, 30],
      ]);
    });

    it('start - nothing runs before the first next', async () => {
      let asked = 0;
      const { signal } = new AbortController();
      const source = { [Symbol.asyncIterator]: () => ({ next: () => Promise.resolve({ done: ++asked > 2, value: 2 }) }) };
      const never = identity().map(source, { signal });
      const values = identity().map(source, { signal, timeout: '1m' });
      expect([asked, getEventListeners(signal, 'abort').length]).to.deep.equal([0, 0]);
      await never.return();
      expect(await collect(values)).to.deep.equal([2, 2]);
      expect(getEventListeners(signal, 'abort')).to.deep.equal([]);
    });
  });

  describe('concurrency', () => {
    it('stages - all stages run at the same time', async () => {
      let arrived = 0;
      let meet = (): void => undefined;
      const meeting = new Promise<void>((resolve) => (meet = resolve));
      // The first item at the last stage, the second at the one before it and the third at the first wait for each other.
      const pipeline = master.createPipeline<number, number>();
      for (const [stage, slave] of [team.worker1, team.worker2, team.inline].entries()) {
        const step = pipeline.addTask('even').for(slave);
        step.intercept<number>(async ({ value }) => {
          if (value / 2 + stage !== 2) return;
          if (++arrived === 3) meet();
          await meeting;
        });
      }
      expect(await collect(pipeline.map([0, 2, 4, 6], { highWaterMark: 1, timeout: '20s' }))).to.deep.equal([0, 2, 4, 6]);
    });

    it('stages - each starts items in order, even if earlier stages complete out of order', async () => {
      const ended: number[] = [];
      const begun: unknown[] = [];
      let secondIsThere = (): void => undefined;
      const second = new Promise<void>((resolve) => (secondIsThere = resolve));
      const pipeline = master.createPipeline<number, number>().addTask('even').for('workers');
      pipeline.intercept<number>(async ({ value }) => {
        if (value === 0) await second;
        ended.push(value);
        if (value === 2) secondIsThere();
      });
      pipeline.addTask('even').for(team.inline);
      const listen = (_task: string, data: unknown) => begun.push(data);
      team.inline.on('request', listen);
      expect(await collect(pipeline.map([0, 2, 4], { timeout: '20s' }))).to.deep.equal([0, 2, 4]);
      team.inline.off('request', listen);
      expect(ended.indexOf(2)).to.be.below(ended.indexOf(0));
      expect(begun).to.deep.equal([0, 2, 4]);
    });

    for (const [what, options, ahead] of [
      ['by default two for each slave of a stage', {}, 6],
      ['highWaterMark for each stage', { highWaterMark: 1 }, 2],
      ['highWaterMark may be more than there are items', { highWaterMark: 100 }, 19],
    ] as const) {
      it(`backpressure - the source is ahead of the consumer by the stages' capacity: ${what}`, async () => {
        let pulled = 0;
        let taken = 0;
        let most = 0;
        function* endless() {
          for (; pulled < 20; pulled++) {
            most = Math.max(most, pulled - taken);
            yield 2 * pulled;
          }
        }
        const pipeline = identity().for('workers').addTask('even').for(team.inline);
        for await (const value of pipeline.map(endless(), options)) {
          taken++;
          // A generator has counted what it was asked for only when it is asked for the next one.
          if (value === 0) await eventually(() => pulled >= ahead);
          for (const slave of [team.worker1, team.inline]) await slave.exec('executed');
        }
        expect(taken).to.equal(20);
        expect(most).to.equal(ahead);
      });
    }

    it('slaves - a slave that died since the start is skipped', async () => {
      const mortal = master.createSlave(STEPS);
      async function* source() {
        yield [];
        await mortal.kill();
        yield [];
      }
      const pipeline = master.createPipeline<number[], number[]>().addTask('who').for(mortal, team.worker1);
      expect(await collect(pipeline.map(source(), { highWaterMark: 1 }))).to.deep.equal([[mortal.id], [team.worker1.id]]);
    });
  });
});
