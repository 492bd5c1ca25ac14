import { tmpdir } from 'node:os';
import { dirname } from 'node:path';
import { expect } from 'chai';
import { fixture } from '../support/fixture';
import { runNode } from '../support/program';

/** A master that prints what its slave answers to `task`. */
const program = (runtime: string, { before = '', task = `'main'` } = {}) => `
  const { Master } = require('dist-io');
  ${before}
  const slave = Master.createSlave(${JSON.stringify(fixture('about.js'))}, { runtime: '${runtime}', cwd: ${JSON.stringify(tmpdir())} });
  slave.exec(${task}).then(async (response) => {
    console.log('answer: ' + JSON.stringify(response.unwrap()));
    await slave.exit();
  });`;

async function answer(args: readonly string[], env: NodeJS.ProcessEnv = {}): Promise<unknown> {
  const fixtures = dirname(fixture('about.js'));
  const { lines, stderr } = await runNode(args, { cwd: fixtures, env: { ...process.env, ...env } }).ended;
  const [, json] = lines.join('\n').split('answer: ');
  expect(json, stderr).to.be.a('string');
  return JSON.parse(json.split('\n')[0]);
}

const execArgvOf = async (args: readonly string[], env?: NodeJS.ProcessEnv) =>
  ((await answer(args, env)) as { execArgv: string[] }).execArgv;

for (const runtime of ['process', 'thread']) {
  describe(`slave: inherited options in a ${runtime}`, () => {
    const code = program(runtime);

    for (const [title, args] of [
      ['-e and its code', ['-e', code]],
      ['--eval=code', [`--eval=${code}`]],
      ['-p and its code', ['-p', code]],
      ['an --input-type with a value of its own', ['--input-type', 'commonjs', '-e', code]],
      ['an --input_type', ['--input_type=commonjs', '-e', code]],
      ['a --test-name-pattern with a value of its own', ['--test-name-pattern', 'never', '-e', code]],
      ['an --inspect-port with a value of its own', ['--inspect-port', '0', '-e', code]],
      ['a --title', ['--title', 'the master', '-e', code]],
    ] as const) {
      it(`inherited options - a slave starts without ${title}`, async () => {
        expect(await execArgvOf(args)).to.deep.equal([]);
      });
    }

    it('inherited options - a slave in another folder has the variables of an --env-file', async () => {
      const variable = program(runtime, { task: `'env', 'FROM_FILE'` });
      expect(await answer(['--env-file', 'master.env', '-e', variable])).to.equal('yes');
      expect(await execArgvOf(['--env-file=master.env', '-e', code])).to.deep.equal([]);
    });

    it('inherited options - a slave has those of V8 and of its modules', async () => {
      const given = ['--no-warnings', '--unhandled-rejections', 'warn', '--require', 'node:fs'];
      const ofV8 = ['--max_old_space_size=200', '--expose-gc'];
      const kept = runtime === 'process' ? [...given, ...ofV8] : given;
      expect(await execArgvOf([...given, ...ofV8, '-e', code])).to.deep.equal(kept);
    });

    it('inherited options - --inspect-brk in NODE_OPTIONS blocks no slave', async () => {
      const inspected = program(runtime, { before: `process.env.NODE_OPTIONS = '--no-warnings --inspect-brk';` });
      expect(await execArgvOf(['-e', inspected])).to.deep.equal(runtime === 'process' ? ['--inspect=127.0.0.1:0'] : []);
    });

    it('inherited options - a copy of the environment is no choice for the slave, its own NODE_OPTIONS are', async () => {
      const before = `process.env.NODE_OPTIONS = '--no-warnings --inspect-brk'; Master.setOptions({ env: { ...process.env } });`;
      const variable = (own: string) => program(runtime, { before: `${before} ${own}`, task: `'env', 'NODE_OPTIONS'` });
      expect(await answer(['-e', variable('')])).to.equal('--no-warnings');
      expect(await answer(['-e', variable(`Master.setOptions({ env: { NODE_OPTIONS: '--no-deprecation' } });`)])).to.equal(
        '--no-deprecation',
      );
    });

    it('inherited options - NODE_OPTIONS may have what only a process can have', async () => {
      const NODE_OPTIONS = '--use-openssl-ca --max-old-space-size=200 --no-warnings';
      expect(await execArgvOf(['-e', code], { NODE_OPTIONS })).to.deep.equal([]);
    });
  });
}
