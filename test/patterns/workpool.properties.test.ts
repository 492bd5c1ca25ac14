import { getEventListeners } from 'node:events';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'chai';
import { DistIOError, Master, type Response, type SlaveHandle, type Workpool } from 'dist-io';
import fc from 'fast-check';
import { alwaysRetry } from '../support/always-retry';
import { fixture } from '../support/fixture';
import { temporaryFolder } from '../support/temporary-folder';

type Act = 'give' | 'throw' | 'throw once' | 'die';

interface Piece {
  act: Act;
  /** How many turns of the event loop it takes. */
  turns: number;
  priority: number;
  retries: number;
}

/** What happens to the pool after so many answers. */
interface Incident {
  after: number;
  what: 'abort' | 'kill' | 'exit' | 'remove' | 'add';
}

const pieces = (...acts: Act[]): fc.Arbitrary<Piece[]> =>
  fc.array(fc.record({ act: fc.constantFrom(...acts), turns: fc.nat(3), priority: fc.nat(2), retries: fc.nat(2) }), { maxLength: 25 });
const incidents = (...whats: Incident['what'][]): fc.Arbitrary<Incident[]> =>
  fc.array(fc.record({ after: fc.integer({ min: 1, max: 15 }), what: fc.constantFrom(...whats) }), { maxLength: 4 });
const sizes = { members: fc.integer({ min: 1, max: 4 }), concurrency: fc.integer({ min: 1, max: 3 }) };

describe('workpool: properties', function () {
  this.timeout(60_000);
  const ACTIONS = fixture('patterns/workpool-actions.js');
  const log = join(temporaryFolder(), 'log');

  interface Run {
    master: Master;
    pool: Workpool;
    /** Of each piece; what the call rejected with, when it did. */
    outcomes: (Response | Error)[];
    /** The tries that were begun, for each piece: which try by which slave. */
    tries: { attempt: number; from: number }[][];
  }

  /** Has the pieces done, and holds what must be so whatever happens. */
  async function run(master: Master, members: number, concurrency: number, list: Piece[], happening: Incident[] = []): Promise<Run> {
    writeFileSync(log, '');
    const pool = master.createWorkpool(...master.createSlaves(members, ACTIONS), { concurrency, refillTimeout: 0 });
    const controller = new AbortController();
    let answers = 0;
    const happen = { after: 0 };
    master.on('response', () => {
      answers++;
      for (const { after, what } of happening) if (after === answers && happen.after < answers) cause(what, master, pool, controller);
      happen.after = answers;
    });
    const settled = list.map(() => 0);
    const outcomes = await Promise.all(
      list.map(({ act, turns, priority, retries }, id) =>
        pool
          .do('act', { id, log, act, turns }, { priority, retries: alwaysRetry(retries), signal: controller.signal })
          .catch((error: unknown) => error as Error)
          .finally(() => settled[id]++),
      ),
    );
    await pool.drain();
    const tries: Run['tries'] = list.map(() => []);
    for (const line of readFileSync(log, 'utf8').split('\n').slice(0, -1)) {
      const [id, attempt, from] = line.split(' ').map(Number);
      tries[id].push({ attempt, from });
    }

    expect(settled, 'every promise settles once').to.deep.equal(list.map(() => 1));
    expect(pool, 'nothing is left in the pool').to.include({ running: 0, waiting: 0 });
    expect(getEventListeners(controller.signal, 'abort'), 'nothing is left of it outside').to.deep.equal([]);
    for (const [id, { retries }] of list.entries()) {
      const attempts = tries[id].map(({ attempt }) => attempt);
      expect(new Set(attempts).size, 'no try runs twice').to.equal(attempts.length);
      expect(Math.max(0, ...attempts), 'nothing is tried too often').to.be.at.most(retries + 1);
      const outcome = outcomes[id];
      if (outcome instanceof Error) {
        expect(outcome, 'only who is without slaves rejects').to.include({ code: 'NO_SLAVE' });
        expect(attempts, 'who is without slaves has not run').to.deep.equal([]);
        continue;
      }
      const { ok, value, error, attempt, from } = outcome;
      const isTasks = error !== null && !(error instanceof DistIOError);
      if (ok) expect(value, 'everybody gets their own answer').to.equal(id);
      if (isTasks) expect(error.message, 'everybody gets their own error').to.equal(`${id}`);
      if (ok || isTasks) expect(tries[id].at(-1), 'what was answered has run').to.deep.equal({ attempt, from });
      if (error !== null && 'mayHaveExecuted' in error && !error.mayHaveExecuted)
        expect(attempts, 'what cannot have run has not').to.deep.equal([]);
    }
    await master.exit({ pending: 'abort' });
    return { master, pool, outcomes, tries };
  }

  function cause(what: Incident['what'], master: Master, pool: Workpool, controller: AbortController): void {
    const [first] = pool.slaves as (SlaveHandle | undefined)[];
    if (what === 'abort') controller.abort('enough');
    else if (what === 'add') pool.add(master.createSlave(ACTIONS));
    else if (first === undefined) return;
    else if (what === 'remove') pool.remove(first);
    else void (what === 'kill' ? first.kill() : first.exit());
  }

  const answers = ({ outcomes }: Run): unknown[] =>
    outcomes.map((outcome) => (outcome instanceof Error ? outcome : outcome.ok ? 'value' : outcome.error.name));

  it('errors - do not affect other jobs, and each job runs only as often as needed', async () => {
    await fc.assert(
      fc.asyncProperty(sizes.members, sizes.concurrency, pieces('give', 'throw', 'throw once'), async (members, concurrency, list) => {
        const done = await run(new Master({ runtime: 'inline' }), members, concurrency, list);
        const needed = list.map(({ act, retries }) => (act === 'give' ? 1 : act === 'throw' ? retries + 1 : Math.min(2, retries + 1)));
        expect(done.tries.map(({ length }) => length)).to.deep.equal(needed);
        const expected = list.map(({ act, retries }) => (act === 'give' || (act === 'throw once' && retries > 0) ? 'value' : 'RangeError'));
        expect(answers(done)).to.deep.equal(expected);
        if (members === 1) return;
        for (const tries of done.tries)
          for (const [i, { from }] of tries.slice(1).entries()) expect(from, 'retries are on another member').not.to.equal(tries[i].from);
      }),
      { numRuns: 60 },
    );
  });

  it('incidents - every job settles whatever happens to the pool and its members', async () => {
    const happening = incidents('abort', 'kill', 'exit', 'remove', 'add');
    await fc.assert(
      fc.asyncProperty(
        sizes.members,
        sizes.concurrency,
        pieces('give', 'throw', 'throw once'),
        happening,
        async (members, concurrency, list, all) => {
          await run(new Master({ runtime: 'inline' }), members, concurrency, list, all);
        },
      ),
      { numRuns: 120 },
    );
  });

  it('incidents - no job is lost while a member is left', async () => {
    await fc.assert(
      fc.asyncProperty(
        sizes.members,
        sizes.concurrency,
        pieces('give'),
        incidents('exit', 'remove'),
        async (members, concurrency, list, all) => {
          const done = await run(new Master({ runtime: 'inline' }), members + all.length, concurrency, list, all);
          expect(answers(done)).to.deep.equal(list.map(() => 'value'));
        },
      ),
      { numRuns: 60 },
    );
  });

  it('deaths - fail only the running jobs of the dead members, unless retried', async () => {
    await fc.assert(
      fc.asyncProperty(sizes.members, sizes.concurrency, pieces('give', 'throw', 'die'), async (members, concurrency, list) => {
        const done = await run(new Master({ runtime: 'thread' }), members, concurrency, list);
        const deaths = done.tries.flatMap((tries, id) => (list[id].act === 'die' ? tries : [])).length;
        expect(deaths, 'nobody dies twice').to.be.at.most(members * concurrency);
        const died = answers(done).filter((answer) => answer === 'SlaveDiedError' || answer === 'PoisonTaskError').length;
        if (deaths === 0) expect(died).to.equal(0);
        for (const [id, outcome] of done.outcomes.entries())
          if (list[id].act === 'die')
            expect(outcome)
              .to.have.nested.property('error.code')
              .that.matches(/^(SLAVE_DIED|POISON_TASK)$/);
      }),
      { numRuns: 10 },
    );
  });

  it('order - a single member runs jobs by priority, equal ones first come first served', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(
          fc.record({ priority: fc.oneof(fc.constantFrom(0, 0.5, Infinity), fc.integer({ min: -20, max: 20 })), isAborted: fc.boolean() }),
        ),
        async (list) => {
          const master = new Master({ runtime: 'inline' });
          const slave = master.createSlave(fixture('patterns/workpool-tasks.js'));
          const pool = master.createWorkpool(slave);
          const holding = pool.do('hold');
          const order: number[] = [];
          const controller = new AbortController();
          const { signal } = controller;
          const working = list.map(({ priority, isAborted }, i) =>
            pool.do('echo', i, { priority, ...(isAborted && { signal }) }).then(({ ok }) => ok && order.push(i)),
          );
          controller.abort();
          await slave.exec('release');
          await Promise.all([holding, ...working]);
          const expected = [...list.entries()]
            .filter(([, { isAborted }]) => !isAborted)
            .sort(([, a], [, b]) => compare(b.priority, a.priority));
          expect(order).to.deep.equal(expected.map(([i]) => i));
          await master.exit();
        },
      ),
      { numRuns: 60 },
    );
  });

  it('map - yields every value once, in order if ordered', async () => {
    await fc.assert(
      fc.asyncProperty(
        sizes.members,
        sizes.concurrency,
        fc.array(fc.nat(3), { maxLength: 60 }),
        fc.record({ ordered: fc.boolean(), concurrency: fc.option(fc.integer({ min: 1, max: 9 }), { nil: undefined }) }),
        fc.boolean(),
        fc.nat(70),
        async (members, concurrency, turns, options, isAsync, breakAt) => {
          writeFileSync(log, '');
          const master = new Master({ runtime: 'inline' });
          const pool = master.createWorkpool(...master.createSlaves(members, ACTIONS), { concurrency });
          let read = 0;
          let closed = 0;
          const items = function* (): Generator<object> {
            try {
              for (const [id, turn] of turns.entries()) {
                read++;
                yield { id, log, act: 'give', turns: turn };
              }
            } finally {
              closed++;
            }
          };
          const asyncItems = async function* (): AsyncGenerator<object> {
            for (const item of items()) yield await Promise.resolve(item);
          };
          const values: number[] = [];
          // Without a limit, members with short tasks have up to 512 jobs ahead.
          const most = options.concurrency ?? 2 * members * (concurrency + 512);
          for await (const value of pool.map(isAsync ? asyncItems() : items(), 'act', options)) {
            values.push(value as number);
            expect(read - values.length, 'the source waits for the consumer').to.be.at.most(8 * most);
            expect(pool.running + pool.waiting, 'no more at one time').to.be.at.most(most);
            if (values.length > breakAt) break;
          }
          const all = turns.map((_, id) => id);
          if (values.length <= breakAt) expect([...values].sort(compare), 'nothing is lost').to.deep.equal(all);
          if (options.ordered) expect(values, 'the order is kept').to.deep.equal(all.slice(0, values.length));
          expect(new Set(values).size, 'nothing is doubled').to.equal(values.length);
          await pool.drain();
          expect([closed, pool.running, pool.waiting], 'nothing is left').to.deep.equal([1, 0, 0]);
          await master.exit({ pending: 'abort' });
        },
      ),
      { numRuns: 60 },
    );
  });
});

/** By size; unlike a difference, also for infinite ones. */
function compare(a: number, b: number): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
