import { execFileSync } from 'node:child_process';
import { expect } from 'chai';
import { RUNTIMES } from '../../src/channel/runtimes';
import { inheritedOptions } from '../../src/spawn/exec-argv';
import { DROPPED, INHERITED } from '../support/node-options';

interface ListedOption {
  names: string[];
  takesValue: boolean;
}

/** The options of this Node. A line of `--help` names an option, its aliases and its value: `-r, --require=...`. */
function listedOptions(): ListedOption[] {
  const help = execFileSync(process.execPath, ['--help'], { encoding: 'utf8' });
  const [options] = help.slice(help.indexOf('\nOptions:')).split('\nEnvironment variables:');
  return [...options.matchAll(/^ {2}(-{1,2}\w[^\s,]*(?:, -[^\s,]+)*)/gm)].map(([, listed]) => ({
    names: listed.split(', ').map((name) => name.replace(/\[?=.*/, '')),
    takesValue: /[^[]=/.test(listed),
  }));
}

/** What a slave inherits of a command line. */
function inherited(execArgv: string[], runtime: 'process' | 'thread' = 'process'): readonly string[] {
  const before = process.execArgv;
  process.execArgv = execArgv;
  try {
    return inheritedOptions(RUNTIMES[runtime]).execArgv;
  } finally {
    process.execArgv = before;
  }
}

function inheritedVariable(variable: string, runtime: 'process' | 'thread' = 'process') {
  const before = process.env.NODE_OPTIONS;
  process.env.NODE_OPTIONS = variable;
  try {
    return inheritedOptions(RUNTIMES[runtime]);
  } finally {
    if (before === undefined) delete process.env.NODE_OPTIONS;
    else process.env.NODE_OPTIONS = before;
  }
}

const underscores = (name: string) => name.replace(/(?<=\w)-/g, '_');

const DEBUGGER = ['--inspect', '--inspect-brk', '--inspect-wait'];

describe('inherited options', () => {
  for (const { names, takesValue } of listedOptions()) {
    for (const name of names) {
      it(`inherited options - ${name} of node --help is inherited whole, or dropped whole`, () => {
        const isDropped = DROPPED.includes(name);
        expect(isDropped || INHERITED.includes(name), 'test/support/node-options.ts lists it').to.equal(true);
        for (const spelling of [name, underscores(name)]) {
          const given = takesValue ? [[spelling, 'value'], [`${spelling}=value`]] : [[spelling]];
          for (const option of given) {
            const dropped = DEBUGGER.includes(name) ? ['--inspect=127.0.0.1:0'] : [];
            const kept = isDropped ? dropped : option;
            expect(inherited(['--no-deprecation', ...option, '--no-warnings'])).to.have.members([
              '--no-deprecation',
              ...kept,
              '--no-warnings',
            ]);
          }
        }
      });
    }
  }

  for (const [given, kept] of [
    [['-e', 'code'], []],
    [['-pe', 'code'], []],
    [['--eval=code --import x'], []],
    [['--print', '-e', 'code', '--no-warnings'], ['--no-warnings']],
    [
      ['--test-name-pattern', '\\-x', '--require', './a.js'],
      ['--require', './a.js'],
    ],
    [['--test-name-pattern', ''], []],
    [['--input_type', 'module'], []],
    [['--no-test-coverage', '--no-watch'], []],
    [['--inspect-port', '0'], []],
    [['--inspect_brk'], ['--inspect=127.0.0.1:0']],
    [['--inspect=0.0.0.0:9229', '--debug-port=1'], ['--inspect=127.0.0.1:0']],
    [
      ['--max_old_space_size=64', '--stack-trace-limit=5', '--no-opt'],
      ['--max_old_space_size=64', '--stack-trace-limit=5', '--no-opt'],
    ],
    [
      ['-r', './test-setup.js', '-C', 'watch'],
      ['-r', './test-setup.js', '-C', 'watch'],
    ],
    [['--no-warnings', '/a/ts-node/dist/bin.js', '--transpile-only'], ['--no-warnings']],
  ]) {
    it(`inherited options - of ${given.join(' ')} remains ${kept.join(' ') || 'nothing'}`, () => {
      expect(inherited(given)).to.deep.equal(kept);
    });
  }

  it('inherited options - NODE_OPTIONS are those that are right for slaves, quotes included', () => {
    const { NODE_OPTIONS, execArgv } = inheritedVariable(
      '--inspect-brk=0 --require "./a b.js" "--test_name_pattern" x --max-old-space-size=64',
    );
    expect(NODE_OPTIONS).to.equal('--require "./a b.js" --max-old-space-size=64');
    expect(execArgv).to.include('--inspect=127.0.0.1:0');
  });

  it('inherited options - a thread has none that Node refuses to it', () => {
    const given = [
      '--title',
      'a b',
      '--expose-gc',
      '--max-old-space-size=64',
      '--no-warnings',
      '--unhandled-rejections',
      'warn',
      '-r',
      'fs',
    ];
    expect(inherited(given, 'thread')).to.deep.equal(['--no-warnings', '--unhandled-rejections', 'warn', '-r', 'fs']);
    const { NODE_OPTIONS } = inheritedVariable('--use-openssl-ca --inspect --max-old-space-size=64 --no-warnings', 'thread');
    expect(NODE_OPTIONS).to.equal('--max-old-space-size=64 --no-warnings');
  });
});
