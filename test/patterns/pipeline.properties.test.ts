import { getEventListeners } from 'node:events';
import { expect } from 'chai';
import { Master, type Response, SlaveDiedError, type SlaveGroup } from 'dist-io';
import fc from 'fast-check';
import { fixture } from '../support/fixture';

interface Act {
  act: 'give' | 'throw' | 'end' | 'die';
  /** How many turns of the event loop it takes. */
  turns: number;
}

/** What goes through the pipeline. */
interface Item {
  place: number;
  /** Which step it has come to. */
  step: number;
  /** What each step does with it. */
  acts: Act[];
}

interface Plan {
  /** For each step, the places of its slaves. */
  steps: number[][];
  items: Item[];
  /** Whether the source fails after the last item. */
  sourceFails: boolean;
  /** How many turns of the event loop the source takes for an item, and the consumer. */
  sourceTurns: number;
  consumerTurns: number;
  highWaterMark: number | undefined;
  /** After how many values the consumer leaves. */
  breakAfter: number | undefined;
}

const SLAVES = 3;
const MOST_STEPS = 4;

function plans(...acts: Act['act'][]): fc.Arbitrary<Plan> {
  // Most go well, so that many items come through.
  const act: fc.Arbitrary<Act> = fc.record({
    act: fc.oneof({ weight: 20, arbitrary: fc.constant('give' as const) }, { weight: 1, arbitrary: fc.constantFrom(...acts) }),
    turns: fc.nat(3),
  });
  return fc.record({
    steps: fc.array(fc.uniqueArray(fc.nat(SLAVES - 1), { minLength: 1 }), { minLength: 1, maxLength: MOST_STEPS }),
    items: fc
      .array(fc.array(act, { minLength: MOST_STEPS, maxLength: MOST_STEPS }), { maxLength: 20 })
      .map((list) => list.map((acts, place) => ({ place, step: 0, acts }))),
    sourceFails: fc.boolean(),
    sourceTurns: fc.nat(2),
    consumerTurns: fc.nat(4),
    highWaterMark: fc.option(fc.integer({ min: 1, max: 4 }), { nil: undefined }),
    breakAfter: fc.option(fc.integer({ min: 1, max: 20 }), { nil: undefined }),
  });
}

const turns = async (count: number): Promise<void> => {
  for (let i = 0; i < count; i++) await new Promise(setImmediate);
};

/** How far an item gets, and whether that is well. */
function fate(item: Item, steps: number): { begun: number; well: boolean } {
  const last = item.acts.slice(0, steps).findIndex(({ act }) => act !== 'give');
  return last === -1 ? { begun: steps, well: true } : { begun: last + 1, well: item.acts[last].act === 'end' };
}

/** What a run of a plan has shown. */
interface Run {
  values: { place: number; step: number }[];
  error: unknown;
  /** For each step, the places of the items that it began, in order. */
  begun: number[][];
  pulled: number;
  /** The most that the source was ahead of the consumer. */
  mostAhead: number;
  /** How often the source was told that nobody wants more. */
  told: number;
}

async function run(plan: Plan, master: Master, slaves: SlaveGroup): Promise<Run> {
  const result: Run = { values: [], error: undefined, begun: plan.steps.map(() => []), pulled: 0, mostAhead: 0, told: 0 };
  const source: AsyncIterable<Item> = {
    [Symbol.asyncIterator]: () => ({
      next: async () => {
        await turns(plan.sourceTurns);
        if (result.pulled < plan.items.length) {
          const value = plan.items[result.pulled++];
          result.mostAhead = Math.max(result.mostAhead, result.pulled - result.values.length);
          return { done: false, value };
        }
        if (plan.sourceFails) throw new Error('the source');
        return { done: true, value: undefined };
      },
      return: () => {
        result.told++;
        return Promise.resolve({ done: true as const, value: undefined });
      },
    }),
  };
  const pipeline = master.createPipeline<Item, Item>();
  for (const places of plan.steps) {
    const step = pipeline.addTask('act').for(places.map((place) => slaves[place]));
    step.intercept<Item>(({ value }, end) => (value.acts[value.step - 1].act === 'end' ? end() : undefined));
  }
  const listen = (_slave: unknown, _task: string, data: unknown) => result.begun[(data as Item).step].push((data as Item).place);
  master.on('request', listen);
  let responses = 0;
  // What comes to a slave after its death is refused: it is settled, but was never sent.
  const count = (_slave: unknown, { error }: Response): void => {
    if ((error as Partial<SlaveDiedError> | null)?.mayHaveExecuted !== false) responses++;
  };
  master.on('response', count);
  const { signal } = new AbortController();
  try {
    for await (const { place, step } of pipeline.map(source, { highWaterMark: plan.highWaterMark, signal })) {
      result.values.push({ place, step });
      await turns(plan.consumerTurns);
      if (result.values.length === plan.breakAfter) break;
    }
  } catch (error) {
    result.error = error;
  }
  expect(slaves.map(({ pending }) => pending)).to.deep.equal([0, 0, 0]);
  expect(getEventListeners(signal, 'abort')).to.deep.equal([]);
  const requests = result.begun.flat().length;
  await turns(5);
  expect(result.begun.flat().length, 'nothing begins after the end').to.equal(requests);
  expect(responses, 'every request settles once').to.equal(requests);
  master.off('request', listen).off('response', count);
  return result;
}

/** What holds in every run, whatever went wrong. */
function holdRun({ steps, items, highWaterMark }: Plan, { values, begun, mostAhead, told }: Run): void {
  const limit = steps.reduce((sum, slaves) => sum + (highWaterMark ?? 2 * slaves.length), 0);
  // One more is on its way from the last stage to the consumer.
  expect(mostAhead, 'the source is held up').to.be.at.most(limit + 1);
  for (const places of begun) expect(places, 'in order, and nothing twice').to.deep.equal([...new Set(places)].sort((a, b) => a - b));
  expect(
    values.map(({ place }) => place),
    'nothing is lost',
  ).to.deep.equal(values.map((_, i) => i));
  for (const { place, step } of values) {
    expect(step).to.equal(fate(items[place], steps.length).begun);
    for (let i = 0; i < steps.length; i++) expect(begun[i].includes(place)).to.equal(i < step);
  }
  expect(told).to.be.at.most(1);
}

describe('pipeline: properties', () => {
  let master: Master;
  afterEach(() => master.exit({ pending: 'abort' }));

  it('map - values are in order up to the first error or the end, and each step starts each item once, in order', async () => {
    master = new Master({ runtime: 'inline' });
    const slaves = master.createSlaves(SLAVES, fixture('patterns/pipeline-acts.js'));
    await fc.assert(
      fc.asyncProperty(plans('give', 'throw', 'end'), async (plan) => {
        const result = await run(plan, master, slaves);
        holdRun(plan, result);
        const { items, steps, breakAfter = Infinity, sourceFails } = plan;
        const firstFailure = items.findIndex((item) => !fate(item, steps.length).well);
        const well = firstFailure === -1 ? items.length : firstFailure;
        expect(result.values).to.have.length(Math.min(well, breakAfter));
        const broken = breakAfter <= well;
        const message = broken ? undefined : firstFailure !== -1 ? `${firstFailure}` : sourceFails ? 'the source' : undefined;
        expect((result.error as Error | undefined)?.message).to.equal(message);
        if (!broken && firstFailure === -1) expect(result.told, 'it ended by itself').to.equal(0);
        // After the last item, the source may have ended by itself, or may be told.
        else if (result.pulled < items.length) expect(result.told).to.equal(1);
      }),
      { numRuns: 150 },
    );
  });

  it('deaths - of slaves throw after the values of earlier items', async () => {
    await fc.assert(
      fc.asyncProperty(plans('give', 'throw', 'die'), async (plan) => {
        master = new Master({ runtime: 'thread' });
        const slaves = master.createSlaves(SLAVES, fixture('patterns/pipeline-acts.js'));
        const result = await run(plan, master, slaves);
        holdRun(plan, result);
        const { items, steps, breakAfter = Infinity, sourceFails } = plan;
        const complete = Math.min(items.length, breakAfter);
        if (result.values.length < complete) expect(result.error).to.be.an.instanceOf(Error);
        if (result.error instanceof SlaveDiedError) {
          expect(items.some(({ acts }) => acts.slice(0, steps.length).some(({ act }) => act === 'die'))).to.equal(true);
        } else if (result.error instanceof RangeError) {
          expect(result.error.message).to.equal(`${result.values.length}`);
        } else if (result.error !== undefined) {
          expect(sourceFails && result.values.length === items.length).to.equal(true);
        }
        await master.exit({ pending: 'abort' });
      }),
      { numRuns: 8 },
    );
  });
});
