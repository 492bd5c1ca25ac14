import { existsSync, mkdirSync, rmdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'chai';
import { fixture } from '../support/fixture';
import { eventually } from '../support/eventually';
import { runNode } from '../support/program';

/** The control groups of memory, version 1 or 2. */
const HIERARCHIES = [
  { root: '/sys/fs/cgroup/memory', limit: 'memory.limit_in_bytes' },
  { root: '/sys/fs/cgroup', limit: 'memory.max' },
];

/** Makes a control group with a limit of memory; undefined where that is not allowed. */
function createGroup(bytes: number): string | undefined {
  for (const { root, limit } of HIERARCHIES) {
    const group = join(root, `dist-io-test-${process.pid}`);
    try {
      mkdirSync(group);
    } catch {
      continue;
    }
    if (existsSync(join(group, limit))) {
      writeFileSync(join(group, limit), String(bytes));
      return group;
    }
    rmdirSync(group);
  }
  return undefined;
}

/** Removes a control group. The kernel refuses that while a process that was killed is still ending. */
function isRemoved(group: string): boolean {
  try {
    rmdirSync(group);
    return true;
  } catch {
    return false;
  }
}

describe('faults: oom kill', () => {
  let group: string | undefined;

  before(function () {
    group = createGroup(400 * 1024 * 1024);
    // Only root may make control groups, and not in every container.
    if (group === undefined) this.skip();
  });

  after(() => eventually(() => group === undefined || isRemoved(group)));

  /** Runs a program in the control group. */
  const run = (script: string) => {
    const join = `require('node:fs').writeFileSync(${JSON.stringify(`${group}/cgroup.procs`)}, String(process.pid));`;
    return runNode([
      '-e',
      `${join} const { Master } = require('dist-io'); const file = ${JSON.stringify(fixture('allocating.js'))}; ${script}`,
    ]);
  };

  it('oom kill - a slave that the kernel has killed to free memory died out of memory, one that was sent SIGKILL did not', async () => {
    const program = run(`
      const tell = ({ error }) => console.log(error.code, error.reason, error.signal, /the kernel killed it/.test(error.message));
      (async () => {
        tell(await Master.createSlave(file).exec('allocate'));
        const killed = Master.createSlave(file);
        await killed.ready();
        process.kill(killed.pid, 'SIGKILL');
        tell(await killed.exec('echo'));
        const pool = Master.createPool(2, file);
        tell(await pool.do('allocate'));
        console.log((await pool.do('echo', 'alive')).value);
        await pool.exit();
      })();`);
    const { code, lines } = await program.ended;
    expect([code, ...lines]).to.deep.equal([
      0,
      'SLAVE_DIED out of memory SIGKILL true',
      'SLAVE_DIED signal SIGKILL false',
      'SLAVE_DIED out of memory SIGKILL true',
      'alive',
    ]);
  });
});
