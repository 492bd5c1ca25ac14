import { expect } from 'chai';
import type { Runtime } from 'dist-io';
import fc from 'fast-check';
import { range } from '../support/range';
import { type Call, type Fate, type Outcome, StreamDriver } from './stream-driver';

const itemOrNever = fc.oneof(fc.constant(-1), fc.nat(40));

const calls: fc.Arbitrary<Call[]> = fc.array(
  fc.record({
    task: fc.constantFrom('plan', 'reads', 'both'),
    length: fc.nat(40),
    highWaterMark: fc.integer({ min: 1, max: 12 }),
    pace: fc.integer({ min: 1, max: 5 }),
    failsAt: itemOrNever,
    stopsAt: itemOrNever,
    leavesAt: fc.option(fc.nat(40)),
    abortsAfter: fc.oneof({ weight: 3, arbitrary: fc.constant(null) }, { weight: 1, arbitrary: fc.nat(20) }),
    turns: fc.nat(2),
  }),
  { minLength: 1, maxLength: 12 },
);

const fates: fc.Arbitrary<Fate> = fc.oneof(
  { weight: 2, arbitrary: fc.constant({ after: 0, event: 'nothing' as const }) },
  { weight: 1, arbitrary: fc.record({ after: fc.nat(40), event: fc.constantFrom('exit', 'abort', 'kill', 'die') }) },
);

function expectOrder({ items, progress }: Outcome): void {
  expect(items, 'items are in order, none is lost or doubled').to.deep.equal(range(items.length));
  const ascending = [...new Set(progress as number[])].sort((a, b) => a - b);
  expect(progress, 'progress is in order').to.deep.equal(ascending);
}

/** What an undisturbed call must see: neither its caller aborts, nor does its slave end. */
function expectResult({ task, length, failsAt, leavesAt }: Call, { items, progress, error }: Outcome): void {
  if (task === 'reads') {
    expect(error).to.satisfy((reason: unknown) => reason === undefined || reason instanceof RangeError);
    return;
  }
  const fails = task === 'plan' && failsAt >= 0 && failsAt < length;
  const available = fails ? failsAt : length;
  if (leavesAt !== null || task === 'both') expect(items).to.have.length(Math.min(leavesAt ?? Infinity, available));
  else {
    if (fails) expect(error).to.have.property('message', `fails at ${failsAt}`);
    else expect(items).to.have.length(length);
    if (progress.length > 0) expect(progress.at(-1), 'the last progress arrives').to.equal(available - 1);
  }
}

function expectNothingLeft({ requests, responses, opened, closed, slave }: StreamDriver): void {
  expect(slave).to.include({ pending: 0, running: 0 });
  expect(responses, 'each request is settled once').to.equal(requests);
  expect(closed, 'each source that was opened is closed once').to.equal(opened);
}

for (const runtime of ['thread', 'inline'] as Runtime[]) {
  describe(`contract: streams, properties over ${runtime}`, function () {
    this.timeout(120_000);

    it('streams - every call settles once, items are in order, and every source is closed, whatever happens', () =>
      fc.assert(
        fc.asyncProperty(calls, fates, fc.constantFrom(1, 3, Infinity), fc.boolean(), async (list, fate, concurrency, isReady) => {
          const driver = new StreamDriver(runtime, concurrency);
          if (isReady) await driver.slave.ready();
          const [outcomes] = await Promise.all([Promise.all(list.map((call) => driver.call(call))), driver.befall(fate)]);
          await driver.end();
          for (const [i, outcome] of outcomes.entries()) {
            expectOrder(outcome);
            if (list[i].abortsAfter === null && fate.event === 'nothing') expectResult(list[i], outcome);
          }
          expectNothingLeft(driver);
        }),
        { numRuns: runtime === 'inline' ? 150 : 50 },
      ));
  });
}
