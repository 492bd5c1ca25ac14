import { expect } from 'chai';
import { fixture } from '../support/fixture';
import { runNode } from '../support/program';

const EXPECTED = ['[["toString","constructor","message","name"],true,"on purpose","CODE","UnknownTaskError"]', 'false'];

describe('frozen built-ins', () => {
  for (const runtime of ['process', 'thread'])
    for (const when of ['before', 'after'])
      it(`frozen - a ${runtime} works when they are frozen ${when} dist-io is loaded`, async () => {
        const { lines, stderr } = await runNode([fixture('frozen-master.js'), when, runtime]).ended;
        expect(lines, stderr).to.deep.equal(EXPECTED);
      });

  it('frozen - a process works under --frozen-intrinsics', async () => {
    const { lines, stderr } = await runNode(['--frozen-intrinsics', fixture('frozen-master.js'), 'never', 'process']).ended;
    expect(lines, stderr).to.deep.equal(EXPECTED);
  });
});
