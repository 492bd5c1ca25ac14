import { Master, type Runtime, type SlaveHandle, type SlaveOptions } from 'dist-io';
import { type Cluster, connect } from 'dist-io/nats';
import { HOST, SERVER_VARIABLE } from '../cluster/setup';
import { fixture } from '../support/fixture';

/** Where a slave of the contract runs: in a runtime on this machine, or in a process of a host that is reached over NATS. */
type Place = Runtime | 'remote';

/** The contract holds in each of these places. `npm run test:cluster` runs it on a host instead, since that takes as long as all others. */
const PLACES: readonly Place[] = process.env[SERVER_VARIABLE] === undefined ? ['process', 'thread', 'inline'] : ['remote'];

/** The suite of one place. */
export interface Suite {
  /** A slave on a host runs in a process. */
  readonly runtime: Runtime;
  readonly isRemote: boolean;
  /** Ends its slaves after the last test of the file. */
  readonly master: Master;
  /** Creates a slave that runs a file of test/fixtures. */
  createSlave(file: string, options?: SlaveOptions): SlaveHandle;
  /** Like mocha's `it`, but skips the test in the places that cannot promise it. What a process cannot promise, a host cannot either. */
  it(title: string, test: () => Promise<void> | void, options?: { except: Exceptions }): void;
}

/** Why a place cannot promise what a test says. */
type Exceptions = Partial<Record<Place, string>>;

/** Defines the tests of one behaviour for every place, but those that cannot promise any of it. */
export function contract(behaviour: string, define: (suite: Suite) => void, options?: { except: Exceptions }): void {
  describe(`contract: ${behaviour}`, () => {
    for (const place of PLACES) {
      const reason = options?.except[place];
      if (reason === undefined) describe(`over ${place}`, () => define(createSuite(place)));
      else it.skip(`over ${place} (${reason})`);
    }
  });
}

function createSuite(place: Place): Suite {
  const isRemote = place === 'remote';
  const runtime = isRemote ? 'process' : place;
  const master = new Master(isRemote ? { host: HOST } : { runtime });
  let cluster: Cluster | undefined;
  before(async () => {
    if (isRemote) cluster = await connect(master, { servers: process.env[SERVER_VARIABLE]! });
  });
  after(async () => {
    await master.exit({ pending: 'abort' });
    await cluster?.close();
  });
  return {
    runtime,
    isRemote,
    master,
    createSlave: (file, options) => master.createSlave(fixture(file), options),
    it: (title, test, options) => {
      const reason = options?.except[place] ?? (isRemote ? options?.except.process : undefined);
      if (reason === undefined) it(title, test);
      else it.skip(`${title} (${reason})`, test);
    },
  };
}
