import { expect } from 'chai';
import { bootstrap, Master, Slave, UnknownTaskError } from 'dist-io';
import { fixture } from '../support/fixture';
import { Connection, constructed, result } from '../fixtures/constructs';

describe('bootstrap outside of a slave', () => {
  it('constructs nothing and asks no container', () => {
    expect(constructed).to.deep.equal([]);
    expect(result).to.equal(Slave);
    expect(bootstrap([Connection, {}])).to.equal(Slave);
    expect(constructed).to.deep.equal([]);
  });

  it('refuses wrong options', () => {
    expect(() => bootstrap(Connection, { contaner: {} } as never)).to.throw(TypeError, "Did you mean 'container'");
  });

  it('leaves the same file to be bootstrapped in each of its slaves', async () => {
    const master = new Master();
    try {
      for (const runtime of ['process', 'thread', 'inline'] as const) {
        const slave = master.createSlave(fixture('constructs.ts'), { runtime });
        expect((await slave.exec('count')).value).to.equal(1);
        expect((await slave.exec('?')).error)
          .to.be.an.instanceOf(UnknownTaskError)
          .with.deep.property('offered', ['count']);
      }
    } finally {
      await master.exit();
    }
  });
});
