import { expect } from 'chai';
import type { SlaveHandle } from 'dist-io';
import { contract } from './runtimes';

interface Value {
  make: () => unknown;
  /** Throws when what has arrived is not right. */
  check: (arrived: unknown) => void;
}

// eslint-disable-next-line @typescript-eslint/no-require-imports -- slaves, which are JavaScript, share it
const values = require('../fixtures/values') as ReadonlyMap<string, Value>;

contract('fidelity', (suite) => {
  let slave: SlaveHandle;
  before(() => {
    slave = suite.createSlave('values-slave.js');
  });

  for (const [name, { make, check }] of values) {
    suite.it(`fidelity - ${name}: to the slave`, async () => {
      const response = await slave.exec('check', make(), { name });
      expect(response.unwrap()).to.equal('as it was');
    });

    suite.it(`fidelity - ${name}: from the slave`, async () => {
      const response = await slave.exec('make', undefined, { name });
      check(response.unwrap());
    });
  }

  suite.it('fidelity - metadata keep their types like data', async () => {
    const metadata = { name: 'date', when: new Date(1), bytes: Buffer.from('a'), undefined };
    const response = await slave.exec('check', new Date(0), metadata);
    expect(response.unwrap()).to.equal('as it was');
  });
});
