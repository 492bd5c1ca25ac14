import { expect } from 'chai';
import { fixture } from '../support/fixture';
import { runNode } from '../support/program';

describe('inspect', () => {
  const inspected = async (options: string[], nodeOptions: string) => {
    const program = runNode([...options, fixture('inspected.js')], { env: { ...process.env, NODE_OPTIONS: nodeOptions } });
    const { lines, stderr } = await program.ended;
    expect(lines, stderr).to.have.length(1);
    return JSON.parse(lines[0]) as { urls: (string | null)[]; execArgv: string[] };
  };

  for (const [name, options, nodeOptions] of [
    ['--inspect=0', ['--inspect=0'], ''],
    ['--inspect with a host', ['--inspect=127.0.0.1:0'], ''],
    ['NODE_OPTIONS', [], '--inspect=127.0.0.1:0'],
  ] as const) {
    it(`inspect - each slave of a master started with ${name} has its own port`, async () => {
      const { urls, execArgv } = await inspected([...options], nodeOptions);
      expect(execArgv).to.deep.equal(['--inspect=127.0.0.1:0']);
      const ports = urls.map((url) => new URL(url ?? 'none:').port);
      expect(ports).to.have.length(3);
      for (const port of ports) expect(Number(port)).to.be.greaterThan(0);
      expect(new Set(ports).size).to.equal(3);
    });
  }

  it('inspect - a slave of a master without --inspect has no port', async () => {
    expect(await inspected([], '')).to.deep.equal({ urls: [null, null, null], execArgv: [] });
  });
});
