import { expect } from 'chai';
import { Master, type Response, type Runtime } from 'dist-io';
import fc from 'fast-check';
import { fixture } from '../support/fixture';

/** What a call is to do, and what is done to it. */
interface Call {
  task: 'plan' | 'reads' | 'both';
  /** How many items there are. */
  length: number;
  window: number;
  pace: number;
  failsAt: number;
  stopsAt: number;
  /** The caller reads the items one by one and breaks off after so many, or collects them. */
  breaksAt: number | null;
  /** The caller aborts after so many turns of the event loop. */
  abortsAfter: number | null;
  /** How many turns it waits after each item. */
  turns: number;
}

/** What happens to the slave after so many turns of the event loop. */
interface Fate {
  after: number;
  what: 'exit' | 'abort' | 'kill' | 'die' | 'nothing';
}

const calls: fc.Arbitrary<Call[]> = fc.array(
  fc.record({
    task: fc.constantFrom('plan', 'reads', 'both'),
    length: fc.nat(40),
    window: fc.integer({ min: 1, max: 12 }),
    pace: fc.integer({ min: 1, max: 5 }),
    failsAt: fc.oneof(fc.constant(-1), fc.nat(40)),
    stopsAt: fc.oneof(fc.constant(-1), fc.nat(40)),
    breaksAt: fc.option(fc.nat(40)),
    abortsAfter: fc.oneof({ weight: 3, arbitrary: fc.constant(null) }, { weight: 1, arbitrary: fc.nat(20) }),
    turns: fc.nat(2),
  }),
  { minLength: 1, maxLength: 12 },
);
const fates: fc.Arbitrary<Fate> = fc.oneof(
  { weight: 2, arbitrary: fc.constant({ after: 0, what: 'nothing' as const }) },
  { weight: 1, arbitrary: fc.record({ after: fc.nat(40), what: fc.constantFrom('exit', 'abort', 'kill', 'die') }) },
);

const turns = async (count: number): Promise<void> => {
  for (let i = 0; i < count; i++) await new Promise(setImmediate);
};

for (const runtime of ['thread', 'inline'] as Runtime[]) {
  describe(`contract: streams, properties over ${runtime}`, function () {
    this.timeout(120_000);

    it('streams - every call settles once, in order, and every source is closed, whatever happens', () =>
      fc.assert(
        fc.asyncProperty(calls, fates, fc.constantFrom(1, 3, Infinity), async (list, fate, concurrency) => {
          const master = new Master({ runtime });
          const slave = master.createSlave(fixture('any-stream.js'), { concurrency });
          if (fate.after % 2 === 0) await slave.ready();
          let responses = 0;
          slave.on('response', () => responses++);
          let sources = 0;
          let closed = 0;
          let requests = 0;

          async function* source(length: number): AsyncGenerator<number> {
            sources++;
            try {
              for (let i = 0; i < length; i++) {
                if (i % 3 === 0) await new Promise(setImmediate);
                yield i;
              }
            } finally {
              closed++;
            }
          }

          const run = async (call: Call): Promise<void> => {
            const { task, length, window, pace, failsAt, stopsAt, breaksAt, abortsAfter } = call;
            const controller = new AbortController();
            const told: unknown[] = [];
            const data = task === 'plan' ? { gives: length, failsAt, pace } : source(length);
            const metadata = {
              highWaterMark: window,
              signal: controller.signal,
              pace,
              failsAt,
              stopsAt,
              onProgress: (value: unknown) => told.push(value),
            };
            if (abortsAfter !== null) void turns(abortsAfter).then(() => controller.abort());
            const items: unknown[] = [];
            let failure: unknown;
            let response: Response | undefined;
            requests++;
            if (breaksAt === null || task === 'reads') {
              response = await slave.exec(task, data, metadata);
              failure = response.error ?? undefined;
              if (Array.isArray(response.value)) items.push(...(response.value as unknown[]));
            } else {
              if (breaksAt === 0) requests--;
              const stream = slave.stream(task, data, metadata);
              try {
                while (items.length < breaksAt) {
                  const { done, value } = await stream.next();
                  if (done) break;
                  items.push(value);
                  await turns(call.turns);
                }
              } catch (error) {
                failure = error;
              }
              await stream.return();
            }
            expect(items, 'in order, none lost or doubled').to.deep.equal(items.map((_, i) => i));
            expect(told, 'in order').to.deep.equal([...new Set(told as number[])].sort((a, b) => a - b));
            const isUndisturbed = abortsAfter === null && fate.what === 'nothing';
            if (!isUndisturbed) return;
            const fails = failsAt >= 0 && failsAt < length;
            if (task === 'plan' && breaksAt === null) {
              if (fails) expect(failure).to.have.property('message', `fails at ${failsAt}`);
              else expect(items).to.have.length(length);
              if (told.length > 0) expect(told.at(-1)).to.equal((fails ? failsAt : length) - 1);
            } else if (task === 'both' || task === 'plan') {
              const whole = task === 'plan' && fails ? failsAt : length;
              expect(items).to.have.length(Math.min(breaksAt ?? Infinity, whole));
            } else {
              expect(failure).to.satisfy((error: unknown) => error === undefined || error instanceof RangeError);
            }
          };

          const happen = async (): Promise<unknown> => {
            if (fate.what === 'nothing') return;
            await turns(fate.after);
            // Inline, it would be the process of the tests that dies.
            if (fate.what === 'kill' || (fate.what === 'die' && runtime === 'inline')) return slave.kill();
            if (fate.what === 'die') {
              requests++;
              return slave.exec('die');
            }
            return slave.exit({ pending: fate.what === 'abort' ? 'abort' : 'finish' });
          };
          await Promise.all([happen(), ...list.map(run)]);
          expect(slave.pending).to.equal(0);
          expect(responses, 'each request is settled once').to.equal(requests);
          for (let left = 1000; slave.running > 0 && left > 0; left--) await slave.exec('echo');
          expect(slave.running, 'nothing is left running').to.equal(0);
          await master.exit();
          await turns(5);
          expect(closed, 'every source that has begun is closed once').to.equal(sources);
        }),
        { numRuns: runtime === 'inline' ? 150 : 50 },
      ));
  });
}
