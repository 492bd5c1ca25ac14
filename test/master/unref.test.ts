import { expect } from 'chai';
import { fixture } from '../support/fixture';
import { type Program, runNode } from '../support/program';

describe('master: unref', () => {
  /** Runs a program whose slaves have the given options. */
  const run = (options: object, script: string): Program => {
    const create = `const { Master } = require('dist-io'); const file = ${JSON.stringify(fixture('ending.js'))};`;
    return runNode(['-e', `${create} const options = ${JSON.stringify(options)}; ${script}`]);
  };
  const ended = { code: 0, signal: null, stderr: '' };

  for (const runtime of ['process', 'thread', 'inline']) {
    describe(`over ${runtime}`, () => {
      it('unref - the program ends while its slaves are idle, and not before their requests, pings and starts', async () => {
        const program = run(
          { runtime, unref: true },
          `const slave = Master.createSlave(file, options);
           (async () => {
             await slave.ready();
             console.log((await slave.exec('echo', 1)).value);
             console.log(typeof (await slave.ping()).uptime);
             await Master.purgeCache();
             console.log((await Promise.all([slave.exec('echo', 2), slave.exec('echo', 3)])).map(({ value }) => value).join());
           })();`,
        );
        expect(await program.ended).to.deep.equal({ ...ended, lines: ['1', 'number', '2,3'] });
      });

      it('unref - the program waits for an exit that it has asked for', async () => {
        const program = run(
          { runtime, unref: true },
          `const slave = Master.createSlave(file, options);
           slave.ready().then(() => slave.exit()).then(({ code }) => console.log(code));`,
        );
        expect(await program.ended).to.deep.equal({ ...ended, lines: ['0'] });
      });

      it('unref - holds for pools with spares, which end with the program', async () => {
        const program = run(
          { runtime, unref: true, spares: 1, responsive: { within: '1s' }, maxMemory: '4gb' },
          `const pool = Master.createPool(2, file, options);
           Promise.all([1, 2, 3, 4].map((n) => pool.do('echo', n))).then((all) => console.log(all.map(({ value }) => value).join()));`,
        );
        expect(await program.ended).to.deep.equal({ ...ended, lines: ['1,2,3,4'] });
      });
    });
  }

  it('unref - the program waits for the restart that a request waits for', async () => {
    const program = run(
      { unref: true, restart: 'permanent', backoff: { initialInterval: '50ms' }, intensity: 10 },
      `const slave = Master.createSlave(file, options);
       (async () => {
         await slave.ready();
         for (let i = 0; i < 3; i++) await Promise.all([slave.exec('echo', 1), process.kill(slave.pid, 'SIGKILL')]);
         console.log((await slave.exec('echo', 'after')).value);
       })();`,
    );
    expect(await program.ended).to.deep.equal({ ...ended, lines: ['after'] });
  });

  describe('forgotten slaves', () => {
    const forgetful = (runtime: string): Program =>
      run(
        { runtime },
        `const pool = Master.createPool(2, file, options);
         pool.do('echo', 1);
         process.on('warning', async ({ code }) => {
           console.log(code);
           await new Promise((resolve) => setTimeout(resolve, 100));
           console.log((await pool.do('echo', 'alive')).value);
           await pool.exit();
         });`,
      );
    let programs: Record<'process' | 'thread' | 'busy', Program>;

    // It takes up to ten seconds until slaves count as forgotten: the programs run at the same time.
    before(() => {
      const busy = `const slave = Master.createSlave(file, options); slave.exec('echo', 1); setTimeout(() => slave.exit(), 12_000);`;
      programs = { process: forgetful('process'), thread: forgetful('thread'), busy: run({}, busy) };
    });

    for (const runtime of ['process', 'thread'] as const) {
      it(`forgotten slaves - a program that they alone keep alive is told so, once, and lives on, over ${runtime}`, async () => {
        const { code, lines, stderr } = await programs[runtime].ended;
        expect([code, ...lines]).to.deep.equal([0, 'DIST_IO_FORGOTTEN_SLAVES', 'alive']);
        expect(stderr).to.match(/Only idle slaves keep this program alive: slave 0, slave 1\. End them .*unref: true/);
      }).timeout(30_000);
    }

    it('forgotten slaves - a program that has something else to do is told nothing', async () => {
      expect(await programs.busy.ended).to.deep.equal({ ...ended, lines: [] });
    }).timeout(30_000);
  });
});
