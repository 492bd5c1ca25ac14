import { expect } from 'chai';
import { fixture } from '../support/fixture';
import { gone, lives, type Program, runNode } from '../support/program';

/** In ms: the promise. */
const BOUND = 1000;

/** In ms: Node, which takes the place of the shell, may still be starting when the master is killed. */
const BOUND_WITHOUT_SHELL = 3000;

describe('faults: orphans', () => {
  const start = (file: string, task: string, { count = 1, options = [] }: { count?: number; options?: string[] } = {}) =>
    runNode([...options, fixture('master-of-orphans.js'), fixture(file), task, String(count)]);

  const pidsOf = async (program: Program, count = 1) => {
    const pids: number[] = [];
    for (let i = 0; i < count; i++) pids.push(...(JSON.parse(await program.line()) as number[]));
    for (const pid of pids) expect(lives(pid)).to.equal(true);
    return pids;
  };

  const expectGone = async (pids: number[], bound = BOUND) => {
    for (const time of await Promise.all(pids.map(gone))) expect(time).to.be.below(bound);
  };

  for (const task of ['nothing', 'busy loop', 'timers', 'grandchild', 'another program', 'deaf to signals']) {
    for (const [computer, options] of Object.entries({ '': [], ', without /bin/sh': ['--require', fixture('no-shell.cjs')] })) {
      it(`orphans - a slave ends with its killed master: ${task}${computer}`, async () => {
        const program = start('orphaned.js', task, { options });
        const pids = await pidsOf(program);
        process.kill(program.pid, 'SIGKILL');
        await expectGone(pids, computer === '' ? BOUND : BOUND_WITHOUT_SHELL);
        expect(await program.ended).to.include({ signal: 'SIGKILL' });
      });
    }
  }

  it('orphans - a slave that is still loading ends with its killed master', async () => {
    const program = start('busy-on-load.js', 'none');
    const pids = await pidsOf(program);
    process.kill(program.pid, 'SIGKILL');
    await expectGone(pids);
    await program.ended;
  });

  it('orphans - several slaves end with their killed master', async () => {
    const program = start('orphaned.js', 'busy loop', { count: 3 });
    const pids = await pidsOf(program, 3);
    process.kill(program.pid, 'SIGKILL');
    await expectGone(pids);
    await program.ended;
  });
});
