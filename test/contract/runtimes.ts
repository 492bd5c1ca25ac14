import { Master, type Runtime, type SlaveHandle, type SlaveOptions } from 'dist-io';
import { fixture } from '../support/fixture';

/** The contract holds in each of these runtimes. */
const RUNTIMES: readonly Runtime[] = ['process', 'thread', 'inline'];

/** The suite of one runtime. */
export interface Suite {
  readonly runtime: Runtime;
  /** Ends its slaves after the last test of the file. */
  readonly master: Master;
  /** Creates a slave that runs a file of test/fixtures. */
  createSlave(file: string, options?: SlaveOptions): SlaveHandle;
  /** Like mocha's `it`, but skips the test in the runtimes that cannot promise it. */
  it(title: string, test: () => Promise<void> | void, options?: { except: Exceptions }): void;
}

/** Why a runtime cannot promise what a test says. */
type Exceptions = Partial<Record<Runtime, string>>;

/** Defines the tests of one behaviour for every runtime. */
export function contract(behaviour: string, define: (suite: Suite) => void): void {
  describe(`contract: ${behaviour}`, () => {
    for (const runtime of RUNTIMES) describe(`over ${runtime}`, () => define(createSuite(runtime)));
  });
}

function createSuite(runtime: Runtime): Suite {
  const master = new Master({ runtime });
  after(() => master.exit({ pending: 'abort' }));
  return {
    runtime,
    master,
    createSlave: (file, options) => master.createSlave(fixture(file), options),
    it: (title, test, options) => {
      const reason = options?.except[runtime];
      if (reason === undefined) it(title, test);
      else it.skip(`${title} (${reason})`, test);
    },
  };
}
