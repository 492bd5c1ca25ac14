import { getEventListeners } from 'node:events';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'chai';
import { AbortError, Master, type Response, SlaveDiedError } from 'dist-io';
import fc from 'fast-check';
import { fixture } from '../support/fixture';
import { temporaryFolder } from '../support/temporary-folder';

type Act = 'give' | 'throw' | 'die';

interface Job {
  act: Act;
  /** How many turns of the event loop it takes. */
  turns: number;
  times: number;
  /** The places of its slaves among all; none for whoever will do. */
  slaves: number[];
}

const SLAVES = 3;

const jobs = (...acts: Act[]): fc.Arbitrary<Job[]> =>
  fc.array(
    fc.record({
      act: fc.constantFrom(...acts),
      turns: fc.nat(3),
      times: fc.nat(3),
      slaves: fc.uniqueArray(fc.nat(SLAVES - 1), { maxLength: SLAVES }),
    }),
    { maxLength: 8 },
  );

describe('parallel: properties', function () {
  const log = join(temporaryFolder(), 'log');

  /** Executes the jobs and holds what must be so whatever happens. */
  async function run(master: Master, list: Job[], abortAfter = Infinity): Promise<Response[]> {
    writeFileSync(log, '');
    const slaves = master.createSlaves(SLAVES, fixture('patterns/parallel-actions.js'));
    const parallel = master.createParallel();
    for (const [i, { act, turns, times, slaves: places }] of list.entries()) {
      const task = parallel.addTask('act', { id: `${i}`, log, act, turns }).times(times);
      if (places.length > 0) task.for(...places.map((place) => slaves[place]));
    }
    const controller = new AbortController();
    let left = abortAfter;
    const settled = new Map<Response, number>();
    master.on('response', (_, response) => {
      settled.set(response, (settled.get(response) ?? 0) + 1);
      if (--left === 0) controller.abort('enough');
    });
    const responses = await parallel.execute({ signal: controller.signal });

    const expected = list.flatMap(({ times, slaves: places }, i) =>
      Array.from({ length: times }, () => (places.length === 0 ? [undefined] : places).map((place) => ({ id: `${i}`, place }))).flat(),
    );
    expect(responses, 'nothing is lost').to.have.length(expected.length);
    expect(
      [...settled.values()].every((count) => count === 1),
      'every promise settles once',
    ).to.equal(true);
    expect([...settled.keys()], 'no other request was made').to.have.members([...responses]);
    const executed = readFileSync(log, 'utf8').split('\n').slice(0, -1);
    for (const [i, { id, place }] of expected.entries()) {
      if (place !== undefined) expect(responses[i].slave, 'order of slaves').to.equal(slaves[place]);
      if (responses[i].ok) expect(responses[i].value, 'order of tasks').to.equal(id);
    }
    for (const [id, { act }] of list.entries()) {
      const mine = responses.filter((_, i) => expected[i].id === `${id}`);
      for (const slave of slaves) {
        const runs = executed.filter((line) => line === `${slave.id} ${id}`).length;
        const requests = mine.filter((response) => response.slave === slave);
        expect(runs, 'nothing runs twice').to.be.at.most(requests.length);
        if (act !== 'die') expect(runs, 'what was answered was executed').to.be.at.least(requests.filter(hasAnswer).length);
      }
    }
    expect(getEventListeners(controller.signal, 'abort')).to.deep.equal([]);
    expect(slaves.map(({ pending }) => pending)).to.deep.equal([0, 0, 0]);
    await master.exit({ pending: 'abort' });
    return responses.map((response) => response);
  }

  it('errors - each is at the position of its task, and every task executes exactly once', async () => {
    await fc.assert(
      fc.asyncProperty(jobs('give', 'throw'), async (list) => {
        const responses = await run(new Master({ runtime: 'inline' }), list);
        expect(responses.every(hasAnswer)).to.equal(true);
        const outcomes = responses.map((response) =>
          response.ok ? `give ${response.value as string}` : `throw ${response.error.message}`,
        );
        const expected = list.flatMap(({ act, times, slaves }, i) => Array<string>(times * Math.max(1, slaves.length)).fill(`${act} ${i}`));
        expect(outcomes).to.deep.equal(expected);
      }),
      { numRuns: 60 },
    );
  });

  it('abort - at any moment settles the remaining tasks', async () => {
    await fc.assert(
      fc.asyncProperty(jobs('give', 'throw'), fc.integer({ min: 1, max: 12 }), async (list, abortAfter) => {
        const responses = await run(new Master({ runtime: 'inline' }), list, abortAfter);
        for (const response of responses) if (!hasAnswer(response)) expect(response.error).to.be.an.instanceOf(AbortError);
        expect(responses.filter(hasAnswer).length).to.be.at.least(Math.min(abortAfter, responses.length));
      }),
      { numRuns: 60 },
    );
  });

  it('deaths - fail the requests of the dead slaves only', async () => {
    await fc.assert(
      fc.asyncProperty(jobs('give', 'throw', 'die'), async (list) => {
        const responses = await run(new Master({ runtime: 'thread' }), list);
        const dead = new Set(responses.filter(({ error }) => error instanceof SlaveDiedError).map(({ from }) => from));
        const deadly = list.some(({ act, times }) => act === 'die' && times > 0);
        expect(dead.size > 0).to.equal(deadly);
        for (const response of responses) {
          if (!hasAnswer(response)) expect(response.error).to.be.an.instanceOf(SlaveDiedError);
          if (!dead.has(response.from)) expect(hasAnswer(response)).to.equal(true);
        }
      }),
      { numRuns: 8 },
    );
  });
});

/** Whether the task itself has answered, well or not. */
function hasAnswer({ ok, error }: Response): boolean {
  return ok || error instanceof RangeError;
}
