import { inspect } from 'node:util';
import { expect } from 'chai';
import { Master } from 'dist-io';
import { fixture } from '../support/fixture';

describe('console', () => {
  const master = new Master({ runtime: 'inline' });
  after(() => master.exit());

  it('console - a handle prints its public state only', async () => {
    const slave = master.createSlave(fixture('echo.js'), { alias: 'echo' });
    await slave.ready();
    const shown = inspect(slave);
    expect(shown).to.match(/^SlaveHandle \{/);
    expect(shown).to.include("alias: 'echo'");
    expect(shown).not.to.match(/channel|requests|_events/);
    expect(inspect(master.slaves)).to.include(shown.split('\n')[1].trim());
  });

  it('console - responses print their type names', async () => {
    const responses = await master.tell('echo').to('echo', 1);
    expect(inspect(responses)).to.match(/^ResponseArray\(1\) \[\s*Response \{/);
  });
});
