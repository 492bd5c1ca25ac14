import { expect } from 'chai';
import { PayloadTooLargeError, SerializationError, Slave } from 'dist-io';
import type { Counter } from '../fixtures/slave-data-class';
import { fixture } from '../support/fixture';
import { contract } from './runtimes';

interface Value {
  make: () => unknown;
}

interface Refused {
  make: () => unknown;
  path: string;
  found: string;
}

/* eslint-disable @typescript-eslint/no-require-imports -- slaves, which are JavaScript, share them */
const values = require('../fixtures/values') as ReadonlyMap<string, Value>;
const refused = require('../fixtures/refused') as ReadonlyMap<string, Refused>;
/* eslint-enable @typescript-eslint/no-require-imports */

contract('slave data', (suite) => {
  const FILE = 'slave-data.js';

  suite.it('slave data - is there while the file loads, and stays the same value', async () => {
    const slave = suite.createSlave(FILE, { data: { a: [1, new Date(5)] } });
    expect((await slave.exec('while loading')).value).to.deep.equal([true, true, 'object']);
    expect((await slave.exec('data')).value).to.deep.equal({ a: [1, new Date(5)] });
  });

  suite.it('slave data - is there for ES modules and for classes, and does not show elsewhere', async () => {
    const slave = suite.createSlave('slave-data.mjs', { data: { greeting: 'Hello' } });
    expect((await slave.exec('greet', 'Ann')).value).to.equal('Hello Ann');
    expect((await slave.exec('leaks')).value).to.equal(null);
    const counter = suite.createSlave('slave-data-class.ts', { data: { from: 5 } }).as<Counter>();
    expect(await counter.advance()).to.equal(5);
  });

  suite.it('slave data - without the option there is none', async () => {
    for (const options of [{}, { data: undefined }]) {
      const slave = suite.createSlave(FILE, options);
      expect((await slave.exec('while loading')).value).to.deep.equal([true, true, 'undefined']);
      expect((await slave.exec('data')).value).to.equal(undefined);
    }
    expect(Slave.data).to.equal(undefined);
    expect((await suite.createSlave(FILE, { data: null }).exec('data')).value).to.equal(null);
  });

  suite.it('slave data - travels with the fidelity of the data of requests', async () => {
    const data = new Map([...values].map(([name, { make }]) => [name, make()]));
    const slave = suite.createSlave(FILE, { data });
    for (const name of values.keys()) expect((await slave.exec('check', name)).error, name).to.equal(null);
  });

  suite.it('slave data - is a snapshot, and each of several slaves has its own', async () => {
    const data = { bytes: new Uint8Array(100_000) };
    const slaves = suite.master.createSlaves(3, fixture(FILE), { data });
    data.bytes[0] = 99;
    for (const slave of slaves) {
      expect((await slave.exec('change')).value).to.have.nested.property('bytes.0', 1);
    }
    expect(data.bytes[0]).to.equal(99);
  });

  suite.it('slave data - may be large, and requests follow it', async () => {
    const slave = suite.createSlave(FILE, { data: { text: '€'.repeat(5_000_000), bytes: Buffer.alloc(20_000_000) } });
    expect((await Promise.all([1, 2].map(() => slave.exec('size')))).map(({ value }) => value)).to.deep.equal([25_000_000, 25_000_000]);
  });

  suite.it('slave data - what cannot be sent is refused at once, with its path, and no slave is created', () => {
    const before = suite.master.slaves.length;
    for (const [name, { make, path, found }] of refused) {
      expect(() => suite.createSlave(FILE, { data: make() }), name)
        .to.throw(SerializationError)
        .that.includes({ path: `data${path}`, found });
    }
    expect(() => suite.createSlave(FILE, { data: 'x'.repeat(2000), maxPayload: '1kb' }))
      .to.throw(PayloadTooLargeError)
      .that.includes({ limit: 1024 });
    expect(suite.master.slaves.length).to.equal(before);
  });
});
