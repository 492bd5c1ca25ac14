import { expect } from 'chai';
import { SerializationError, type SlaveHandle } from 'dist-io';
import { rejection } from '../support/rejection';
import { contract } from './runtimes';

interface Refused {
  make: () => unknown;
  path: string;
  found: string;
}

// eslint-disable-next-line @typescript-eslint/no-require-imports -- slaves, which are JavaScript, share it
const refused = require('../fixtures/refused') as ReadonlyMap<string, Refused>;

contract('refusal', (suite) => {
  let slave: SlaveHandle;
  before(() => {
    slave = suite.createSlave('refused-slave.js');
  });

  afterEach('the slave lives on', async () => {
    expect((await slave.exec('echo', 'alive')).value).to.equal('alive');
  });

  for (const [name, { make, path, found }] of refused) {
    // A function as the data itself is a TypeError: it can only be meant as a callback.
    if (typeof make() !== 'function')
      suite.it(`refusal - ${name}: to the slave`, async () => {
        const { error } = await slave.exec('echo', make());
        expect(error).to.be.an.instanceOf(SerializationError);
        expect(error).to.include({ code: 'NOT_SERIALIZABLE', path: `data${path}`, found });
        expect(error?.message).to.contain(`data${path} is ${found}`);
      });

    suite.it(`refusal - ${name}: from the slave`, async () => {
      const { error } = await slave.exec('make', name);
      expect(error).to.be.an.instanceOf(SerializationError);
      expect(error).to.include({ path: `value${path}`, found });
    });
  }

  suite.it('refusal - metadata that cannot be sent fail the request', async () => {
    const { error } = await slave.exec('echo', 1, { tags: [{ render: () => 1 }] });
    expect(error).to.be.an.instanceOf(SerializationError);
    expect(error).to.include({ path: 'metadata.tags[0].render', found: 'the function render' });
  });

  suite.it('refusal - a refused request does not affect those around it', async () => {
    const [before, failed, after] = await Promise.all([
      slave.exec('echo', Buffer.from('before')),
      slave.exec('echo', { bytes: Buffer.from('lost'), fn: () => 1 }),
      slave.exec('echo', Buffer.from('after')),
    ]);
    expect(String(before.value)).to.equal('before');
    expect(failed.error).to.be.an.instanceOf(SerializationError);
    expect(String(after.value)).to.equal('after');
  });

  suite.it('refusal - with rejectOnError the error rejects', async () => {
    const error = await rejection(slave.exec('echo', [() => 1], { rejectOnError: true }));
    expect(error).to.be.an.instanceOf(SerializationError);
  });
});
