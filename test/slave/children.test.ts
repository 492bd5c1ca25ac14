import { expect } from 'chai';
import { Master } from 'dist-io';
import { fixture } from '../support/fixture';

describe('slave: children', () => {
  const master = new Master();
  after(() => master.exit());

  for (const runtime of ['process', 'thread'] as const) {
    for (const kind of ['fork', 'worker', 'execFile with its own execArgv']) {
      it(`children - a child of a ${runtime} is not a slave: ${kind}`, async () => {
        const { value } = await master.createSlave(fixture('about.js'), { runtime }).exec('child', kind);
        expect(value).to.deep.equal({ isSlave: false, self: 'undefined', env: [] });
      });
    }

    it(`children - the environment of a ${runtime} has no variable of dist-io`, async () => {
      const { value } = await master.createSlave(fixture('about.js'), { runtime }).exec('env keys');
      expect(value).to.deep.equal([]);
    });
  }
});
