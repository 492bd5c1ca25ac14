import { expect } from 'chai';
import type { Runtime } from 'dist-io';
import { createProject } from './support/project';
import { TS_NODE, TSX } from './support/tools';
import { output } from './support/run';

const FILES = {
  // Without one, ts-node falls back to options that TypeScript 6 refuses.
  'tsconfig.json': '{ "compilerOptions": { "module": "nodenext", "target": "es2022" } }',
  'main.js': `
    const master = require('dist-io').Master;
    const slave = master.createSlave('./slave.ts', { runtime: process.argv[2] });
    slave.exec('say hello', 'Ann').then(({ value, error }) => {
      console.log(value ?? \`\${error.name}: \${error.message}\`);
      return slave.exit();
    });`,
  'slave.ts': `
    import { Slave } from 'dist-io';
    enum Greeting { Hello }
    Slave.task('say hello', (name: string): string => \`\${Greeting[0]} \${name}\`);`,
};

/** It holds for `README.md`, too: with this `module`, ts-node cannot do without types. */
const tsconfigOfReadme = JSON.stringify({
  compilerOptions: { target: 'es2022', module: 'node20', moduleResolution: 'node16', types: ['node'], strict: true },
});

/** A Node that strips types by itself is told not to, so that all of them are alike. */
const NO_STRIPPING = (process.features as { typescript?: unknown }).typescript ? ['--no-experimental-strip-types'] : [];

async function greeting(tools: readonly string[], runtime: Runtime, ...execArgv: string[]): Promise<string> {
  const { folder } = await createProject(FILES, tools);
  return output(folder, process.execPath, ...NO_STRIPPING, ...execArgv, 'main.js', runtime);
}

describe('TypeScript slaves of a JavaScript master', () => {
  for (const runtime of ['process', 'thread'] satisfies Runtime[]) {
    it(`tsx, ${runtime} - loads TypeScript slaves when it is installed`, async () => {
      expect(await greeting(TSX, runtime)).to.equal('Hello Ann\n');
    });

    it(`tsx, ${runtime} - loads TypeScript slaves when the master runs under it`, async () => {
      expect(await greeting(TSX, runtime, '--import', 'tsx')).to.equal('Hello Ann\n');
    });

    it(`ts-node, ${runtime} - loads TypeScript slaves when tsx is not installed`, async () => {
      expect(await greeting(TS_NODE, runtime)).to.equal('Hello Ann\n');
    });

    it(`no loader, ${runtime} - the SpawnError says what to install`, async () => {
      expect(await greeting([], runtime)).to.match(
        /^SpawnError: The slave file .*slave\.ts did not start: .* no loader is installed\. Run: npm install --save-dev tsx\n$/,
      );
    });
  }

  // Both ways in which the README starts a program under ts-node.
  for (const [name, type, execArgv] of [
    ['CommonJS', 'commonjs', ['--require', 'ts-node/register']],
    ['ES modules', 'module', ['--no-warnings', '--loader', 'ts-node/esm']],
  ] as const) {
    it(`ts-node of the master, ${name} - type errors do not end a slave`, async () => {
      const { folder } = await createProject(
        {
          'package.json': JSON.stringify({ type }),
          'tsconfig.json': tsconfigOfReadme,
          'main.ts': `
            import { Master } from 'dist-io';
            const slave = Master.createSlave('./slave', { stderr: 'ignore' });
            const checked = Master.createSlave('./slave', { stderr: 'ignore', env: { TS_NODE_TRANSPILE_ONLY: 'false', TS_NODE_LOG_ERROR: 'false' } });
            void Promise.all([slave.exec('add', 1), checked.exec('add', 1)]).then(async ([{ value, error }, wrong]) => {
              console.log(value ?? error, wrong.error?.name);
              await Master.exit();
            });`,
          'slave.ts': `
            import { Slave } from 'dist-io';
            const one: number = '1';
            Slave.task('add', (number: number) => one + number);`,
        },
        TS_NODE,
      );
      expect(await output(folder, process.execPath, ...NO_STRIPPING, ...execArgv, 'main.ts')).to.equal('11 SpawnError\n');
    });
  }

  it("inline - a TypeScript slave is loaded by the master's loader", async () => {
    expect(await greeting(TSX, 'inline', '--import', 'tsx')).to.equal('Hello Ann\n');
  });

  it('inline - without a loader the SpawnError says so', async () => {
    expect(await greeting(TSX, 'inline')).to.match(/^SpawnError: .* Start the master with tsx or ts-node\.\n$/);
  });
});
