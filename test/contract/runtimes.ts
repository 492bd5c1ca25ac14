import { Master, type Runtime, type SlaveHandle, type SlaveOptions } from 'dist-io';
import { fixture } from '../support/fixture';

/** The worlds that a slave can live in: the contract holds in each. */
const RUNTIMES: readonly Runtime[] = ['process', 'thread', 'inline'];

/** What a world cannot promise, by the title of the test, and why. */
const SKIPS: Partial<Record<Runtime, Record<string, string>>> = {
  inline: {
    'attempts - a task that threw and then ended its slave: the cause is what it threw': 'process.exit() would end this very process',
    'ping - rejects when no answer comes in time, or the slave ends': 'a file that never loads holds a timer, here of this very process',
    'ending - timers and servers of a slave do not keep it': 'they are those of this very process',
    'streams - death in mid-stream: the items before, then the error': 'process.exit() would end this very process',
    'cancel - kill: a task in an endless loop gets its error at once, and its slave is ended after the grace':
      'a loop without end would hold this very thread',
    'cancel - kill: a generator in an endless loop, broken off or out of time': 'a loop without end would hold this very thread',
    'ending - a slave that does not end by itself is ended by force': 'a loop without end would hold this very thread',
    'purging - a slave that keeps its thread busy is waited for as long as its timeout allows': 'it would hold this very thread',
    'purging - a slave that dies meanwhile is left out': 'it would take this very process with it',
  },
};

/** One world under test. */
export interface World {
  readonly runtime: Runtime;
  /** Its slaves are all ended when the tests of the file are over. */
  readonly master: Master;
  /** Creates a slave that runs a file of test/fixtures. */
  createSlave(file: string, options?: SlaveOptions): SlaveHandle;
  /** Like mocha's `it`, but passes over what this world cannot promise. */
  it(title: string, test: () => Promise<void> | void): void;
}

/** Defines the tests of one behaviour for every world. */
export function contract(behaviour: string, define: (world: World) => void): void {
  describe(`contract: ${behaviour}`, () => {
    for (const runtime of RUNTIMES) describe(`over ${runtime}`, () => define(createWorld(runtime)));
  });
}

function createWorld(runtime: Runtime): World {
  const master = new Master({ runtime });
  after(() => master.exit({ pending: 'abort' }));
  return {
    runtime,
    master,
    createSlave: (file, options) => master.createSlave(fixture(file), options),
    it: (title, test) => {
      const reason = SKIPS[runtime]?.[title];
      if (reason === undefined) it(title, test);
      else it.skip(`${title} (${reason})`, test);
    },
  };
}
