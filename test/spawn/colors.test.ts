import { spawnSync } from 'node:child_process';
import { expect } from 'chai';
import { fixture } from '../support/fixture';

/** The terminal that `script` of util-linux gives to a program. */
const TERMINAL = { TERM: 'xterm-256color', PATH: process.env.PATH };

const hasScript = process.platform === 'linux' && spawnSync('script', ['--version']).status === 0;

/** The FORCE_COLOR of a slave whose master runs at a terminal. @param redirection of the shell that starts the master */
function forceColor(runtime: string, { options = {}, env = {}, redirection = '' } = {}): string | undefined {
  const program = [process.execPath, fixture('master-at-terminal.js'), runtime, JSON.stringify(options)];
  const command = [...program.map((word) => `'${word}'`), redirection].join(' ');
  const { stdout } = spawnSync('script', ['-qec', command, '/dev/null'], { env: { ...TERMINAL, ...env }, encoding: 'utf8' });
  return /FORCE_COLOR is (\w+)/.exec(stdout)?.[1];
}

describe('colors', function () {
  before(function () {
    // Debian's base system has it: its absence in CI is a failure.
    if (!hasScript && process.env.CI === undefined) this.skip();
  });

  for (const runtime of ['process', 'thread']) {
    it(`colors - FORCE_COLOR of a ${runtime} has the level of the terminal`, () => {
      expect(forceColor(runtime)).to.equal('2');
      expect(forceColor(runtime, { env: { COLORTERM: 'truecolor' } })).to.equal('3');
      expect(forceColor(runtime, { options: { stdout: 'ignore' } })).to.equal('2');
    });

    it(`colors - a ${runtime} whose output ends elsewhere has no FORCE_COLOR`, () => {
      expect(forceColor(runtime, { env: { TERM: 'dumb' } })).to.equal('undefined');
      expect(forceColor(runtime, { redirection: '2>/dev/null' })).to.equal('undefined');
      expect(forceColor(runtime, { redirection: '| cat' })).to.equal('undefined');
      expect(forceColor(runtime, { options: { stdout: 'ignore', stderr: 'ignore' } })).to.equal('undefined');
    });

    it(`colors - a choice in the environment of a ${runtime} is kept`, () => {
      for (const name of ['NO_COLOR', 'NODE_DISABLE_COLORS']) {
        expect(forceColor(runtime, { env: { [name]: '1' } }), name).to.equal('undefined');
        expect(forceColor(runtime, { options: { env: { [name]: '1' } } }), `${name} of the slave`).to.equal('undefined');
      }
      expect(forceColor(runtime, { env: { FORCE_COLOR: '1' } })).to.equal('1');
      expect(forceColor(runtime, { options: { env: { FORCE_COLOR: '0' } } })).to.equal('0');
    });
  }
});
