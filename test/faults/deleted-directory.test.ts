import { expect } from 'chai';
import { fixture } from '../support/fixture';
import { runNode } from '../support/program';

describe('faults: deleted working directory', () => {
  it('deleted working directory - absolute files start in every runtime, a relative one is a SpawnError', async () => {
    const program = runNode([fixture('master-in-deleted-directory.js')]);
    const { lines, stderr } = await program.ended;
    expect(stderr).to.equal('');
    expect(lines).to.deep.equal(['process works', 'thread works', 'inline works', 'relative: SPAWN_FAILED']);
  });
});
