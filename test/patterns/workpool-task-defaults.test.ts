import { expect } from 'chai';
import { Master, PoisonTaskError, type Response, SlaveDiedError } from 'dist-io';
import { fixture } from '../support/fixture';

for (const runtime of ['process', 'thread'] as const) {
  describe(`workpool: task defaults, ${runtime}`, () => {
    const master = new Master({ runtime });
    after(() => master.exit());

    const pool = async () => {
      const slaves = master.createSlaves(4, fixture('patterns/lost-at-first.js'), { stderr: 'ignore' });
      await Promise.all(slaves.map((slave) => slave.ready()));
      return master.createWorkpool(...slaves);
    };
    const isLost = ({ error, attempt }: Response, attempts: number): void => {
      expect(error).to.be.an.instanceOf(SlaveDiedError);
      expect(attempt).to.equal(attempts);
    };

    it('task defaults - a task is executed again as often as its retries say when its slave was lost', async () => {
      const workpool = await pool();
      expect(await workpool.do('retried', 3)).to.include({ value: 3, attempt: 3 });
      isLost(await workpool.do('plain', 2), 1);
    });

    it('task defaults - an idempotent task is executed twice more, unless its retries say otherwise', async () => {
      expect(await (await pool()).do('idempotent', 3)).to.include({ value: 3, attempt: 3 });
      const workpool = await pool();
      const { error } = await workpool.do('idempotent', 9);
      expect(error).to.be.an.instanceOf(PoisonTaskError).that.includes({ attempts: 3 });
      isLost(await workpool.do('neither', 2), 1);
    });

    it("task defaults - the caller's metadata override the retries of the task", async () => {
      const workpool = await pool();
      isLost(await workpool.do('retried', 2, { retries: 0 }), 1);
      isLost(await workpool.do('idempotent', 2, { retries: 0 }), 1);
      expect(await workpool.do('plain', 2, { retries: 1 })).to.include({ value: 2, attempt: 2 });
    });

    it('task defaults - data that can be read only once is not sent again', async () => {
      isLost(await (await pool()).do('reads', attempts(2)), 1);
    });
  });
}

function* attempts(...all: number[]): Generator<number> {
  yield* all;
}
