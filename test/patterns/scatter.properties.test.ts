import { expect } from 'chai';
import { Master, type Response, SlaveDiedError, type SlaveGroup } from 'dist-io';
import fc from 'fast-check';
import { fixture } from '../support/fixture';

interface Item {
  place: number;
  act: 'give' | 'throw' | 'die';
  /** How many turns of the event loop it takes. */
  turns: number;
}

type Way = { chunk?: true; chunkSize?: number };

const items = (...acts: Item['act'][]): fc.Arbitrary<Item[]> =>
  fc
    .array(fc.record({ act: fc.constantFrom(...acts), turns: fc.nat(3) }), { maxLength: 30 })
    .map((list) => list.map((item, place) => ({ ...item, place })));

const ways: fc.Arbitrary<Way> = fc.oneof(
  fc.constant({}),
  fc.constant({ chunk: true as const }),
  fc.integer({ min: 1, max: 8 }).map((chunkSize) => ({ chunkSize })),
);

const MOST_SLAVES = 4;

/** What the task answers for each part: the places of its items. */
type Places = number[];

/** The parts, as the words of the documentation have it. */
function partsOf(list: Item[], { chunk, chunkSize }: Way, slaves: number): Item[][] {
  const lengths: number[] = [];
  const count = chunk === true ? Math.min(slaves, list.length) : Math.ceil(list.length / (chunkSize ?? 1));
  for (let i = 0; i < count; i++) {
    const left = list.length - lengths.reduce((sum, length) => sum + length, 0);
    lengths.push(chunk === true ? Math.ceil(left / (count - i)) : Math.min(chunkSize ?? 1, left));
  }
  let start = 0;
  return lengths.map((length) => list.slice(start, (start += length)));
}

/** Which item decides what becomes of its part, if one does. */
const culprit = (part: Item[]): Item | undefined => part.find(({ act }) => act !== 'give');

describe('scatter: properties', () => {
  const master = new Master({ runtime: 'inline' });
  let all: SlaveGroup;
  let sent: Map<unknown, number>;
  before(() => {
    all = master.createSlaves(MOST_SLAVES, fixture('patterns/scatter-items.js'));
  });
  beforeEach(() => {
    sent = new Map();
    master.on('request', (_slave, _task, data) => {
      for (const { place } of [data as Item | Item[]].flat()) sent.set(place, (sent.get(place) ?? 0) + 1);
    });
  });
  afterEach(() => master.removeAllListeners());
  after(() => master.exit());

  it('gather - every chunk has its response in order from its slave, and every item is sent once', async () => {
    const twoTimes = fc.tuple(items('give', 'throw'), items('give', 'throw'));
    await fc.assert(
      fc.asyncProperty(twoTimes, ways, fc.integer({ min: 1, max: MOST_SLAVES }), async (batches, way, count) => {
        const slaves = all.slice(0, count);
        const scatter = master.createScatter<Item, Places>('act', way);
        for (const batch of batches) {
          sent.clear();
          const responses = await scatter.data(...batch).gather(slaves);
          const parts = partsOf(batch, way, count);
          expect([...sent]).to.deep.equal(batch.map(({ place }) => [place, 1]));
          expect(responses.map(({ from }) => from)).to.deep.equal(parts.map((_, i) => slaves[i % count].id));
          expect(responses.map(outcome)).to.deep.equal(
            parts.map((part) => culprit(part)?.place.toString() ?? part.map(({ place }) => place)),
          );
        }
      }),
      { numRuns: 100 },
    );
  });

  it('reduce - folds every value once with its index, or rejects with the error of a chunk', async () => {
    await fc.assert(
      fc.asyncProperty(items('give', 'throw'), ways, fc.integer({ min: 1, max: MOST_SLAVES }), async (list, way, count) => {
        const scatter = master.createScatter<Item, Places>('act', way).data(...list);
        const folded = new Map<number, Places>();
        const folding = scatter.reduce(
          (seen, places, index) => (seen.has(index) ? expect.fail() : seen.set(index, places)),
          folded,
          all.slice(0, count),
        );
        const result = await folding.catch((error: unknown) => error);
        const parts = partsOf(list, way, count);
        const culprits = parts.flatMap((part) => culprit(part)?.place.toString() ?? []);
        if (culprits.length > 0) expect(culprits).to.include((result as Error).message);
        else expect(result).to.deep.equal(new Map(parts.map((part, i) => [i, part.map(({ place }) => place)])));
        expect(all.map(({ pending }) => pending)).to.deep.equal([0, 0, 0, 0]);
      }),
      { numRuns: 100 },
    );
  });

  it('deaths - every chunk has a response; only those of dead slaves have an error', async () => {
    await fc.assert(
      fc.asyncProperty(items('give', 'throw', 'die'), ways, fc.integer({ min: 1, max: 3 }), async (list, way, count) => {
        const slaves = master.createSlaves(count, fixture('patterns/scatter-items.js'), { runtime: 'thread' });
        const responses = await master
          .createScatter<Item, Places>('act', way)
          .data(...list)
          .gather(slaves);
        const parts = partsOf(list, way, count);
        expect(responses).to.have.length(parts.length);
        const doomed = new Set(parts.flatMap((part, i) => (culprit(part)?.act === 'die' ? [slaves[i % count].id] : [])));
        for (const [i, response] of responses.entries()) {
          const died = response.error instanceof SlaveDiedError;
          if (culprit(parts[i])?.act === 'die') expect(died).to.equal(true);
          if (died) expect(doomed).to.include(response.from);
          else expect(outcome(response)).to.deep.equal(culprit(parts[i])?.place.toString() ?? parts[i].map(({ place }) => place));
        }
        await slaves.kill();
      }),
      { numRuns: 8 },
    );
  });
});

const outcome = (response: Response<Places>): Places | string => (response.ok ? response.value : response.error.message);
