import { expect } from 'chai';
import { fixture } from '../support/fixture';
import { runNode } from '../support/program';

describe('faults: interrupted calls', () => {
  const CALLS = ['for await … of pool.map', 'pool.do', 'slave.exec', 'slave.stream', 'slaves.exec', 'broadcast', 'scatter'];
  for (const call of CALLS) {
    it(`interrupted calls - a program that SIGINT ends during ${call} says nothing`, async () => {
      const program = runNode([fixture('interrupted-calls.js'), call]);
      await program.line();
      process.kill(program.pid, 'SIGINT');
      expect(await program.ended).to.deep.equal({ code: null, signal: 'SIGINT', lines: ['calling'], stderr: '' });
    });
  }
});
