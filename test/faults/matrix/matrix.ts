/**
 * The fault matrix: fault × moment × runtime × use. `npm run test:faults` runs all cells, `CELLS='SIGKILL · running' npm run test:faults`
 * those whose name matches, `SAMPLE=600 npm run test:faults` so many of them: always the same ones.
 */
import { createHash } from 'node:crypto';
import { readdirSync } from 'node:fs';
import { Master, type Runtime } from 'dist-io';
import { eventually } from '../../support/eventually';
import { fixture } from '../../support/fixture';
import { temporaryFolder } from '../../support/temporary-folder';
import { type Cell, exceptionOf, nameOf, runCell } from './cell';
import { FAULTS } from './faults';
import { MOMENTS } from './moments';
import { USES } from './uses';

/** How many cells run at the same time: most of them wait for a process to start. */
const LANES = 8;

const ONLY = new RegExp(process.env.CELLS ?? '');
const SAMPLE = Number(process.env.SAMPLE ?? Infinity);

const all: readonly Cell[] = (['process', 'thread'] as const)
  .flatMap((runtime) => FAULTS.flatMap((fault) => MOMENTS.flatMap((moment) => USES.map((use) => ({ runtime, fault, moment, use })))))
  .filter((cell) => ONLY.test(nameOf(cell)));

const cells = SAMPLE === Infinity ? all : sample(all);

/** As good as random, but the same in each run, and nearly the same when cells are added. */
function sample(cells: readonly Cell[]): Cell[] {
  const digest = (cell: Cell): string => createHash('sha1').update(nameOf(cell)).digest('hex');
  const possible = cells.filter((cell) => exceptionOf(cell) === undefined);
  return possible.sort((a, b) => (digest(a) < digest(b) ? -1 : 1)).slice(0, SAMPLE);
}

/** Runs functions, `LANES` at a time, in the order in which they are added. */
class Lanes {
  private free = LANES;
  private readonly waiting: (() => void)[] = [];

  async run(body: () => Promise<void>): Promise<void> {
    if (this.free === 0) await new Promise<void>((resolve) => this.waiting.push(resolve));
    else this.free--;
    try {
      await body();
    } finally {
      const next = this.waiting.shift();
      if (next === undefined) this.free++;
      else next();
    }
  }
}

const descriptors = (): number => readdirSync('/proc/self/fd').length;

describe('fault matrix', () => {
  const folder = temporaryFolder();
  const lanes = new Lanes();
  const master = new Master();
  after(() => master.kill());
  const results = new Map<Cell, Promise<void>>();
  let open = 0;

  before(async () => {
    const create = (runtime: Runtime) => master.createSlave(fixture('faulty.js'), { runtime });
    const surroundings = { folder, siblings: { process: create('process'), thread: create('thread') } };
    await Promise.all([...master.slaves].map((slave) => slave.ready()));
    open = descriptors();
    for (const [index, cell] of cells.entries()) {
      if (exceptionOf(cell) !== undefined) continue;
      const result = lanes.run(() => runCell(cell, index, surroundings));
      // Its test reports it.
      result.catch(() => undefined);
      results.set(cell, result);
    }
  });

  for (const cell of cells) {
    const exception = exceptionOf(cell);
    if (exception === undefined) it(nameOf(cell), () => results.get(cell));
    else it.skip(`${nameOf(cell)} (${exception})`, () => undefined);
  }

  // A thread that is blocked outside of JavaScript ends later than its slave.
  it('afterwards no file descriptor is left', () => eventually(() => descriptors() <= open));
});
