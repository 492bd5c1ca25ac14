import { execFileSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { SlaveOptions } from 'dist-io';
import { JsxEmit, ModuleKind, ScriptTarget, transpileModule } from 'typescript';

/** TypeScript's own decorators, or those of the TC39 proposal. */
export type Dialect = 'legacy' | 'standard';

/** How a slave is started: its file, and what its options must say. */
export type Started = [file: string, options: SlaveOptions];

const ESBUILD = join(dirname(require.resolve('esbuild/package.json')), 'bin', 'esbuild');

const compilerOptions = (dialect: Dialect) => ({ experimentalDecorators: dialect === 'legacy', useDefineForClassFields: true });

/** The ways from TypeScript to a running slave: each gets a folder of its own and the text of the slave's file. */
export const COMPILERS = {
  tsc: (folder: string, text: string, dialect: Dialect): Started => {
    const options = { ...compilerOptions(dialect), target: ScriptTarget.ES2022, module: ModuleKind.CommonJS, jsx: JsxEmit.None };
    return [write(folder, 'slave.js', transpileModule(text, { compilerOptions: options }).outputText), {}];
  },

  esbuild: (folder: string, text: string, dialect: Dialect): Started => {
    const options = ['--format=cjs', '--target=node20', `--tsconfig=${writeConfig(folder, dialect)}`, `--outdir=${folder}`];
    execFileSync(ESBUILD, [...options, '--log-level=warning', write(folder, 'slave.ts', text)]);
    return [join(folder, 'slave.js'), {}];
  },

  'ts-node': (folder: string, text: string, dialect: Dialect): Started => {
    const config = writeConfig(folder, dialect);
    const execArgv = ['--require', require.resolve('ts-node/register/transpile-only')];
    return [write(folder, 'slave.ts', text), { execArgv, env: { TS_NODE_PROJECT: config } }];
  },

  tsx: (folder: string, text: string, dialect: Dialect): Started => {
    writeConfig(folder, dialect);
    // It looks for its configuration in the working directory.
    return [write(folder, 'slave.ts', text), { execArgv: ['--import', pathToFileURL(require.resolve('tsx')).href], cwd: folder }];
  },
} as const;

export type Compiler = keyof typeof COMPILERS;

function writeConfig(folder: string, dialect: Dialect): string {
  const options = { ...compilerOptions(dialect), target: 'es2022', module: 'node20', moduleResolution: 'node16' };
  return write(folder, 'tsconfig.json', JSON.stringify({ compilerOptions: options }));
}

function write(folder: string, name: string, text: string): string {
  const path = join(folder, name);
  writeFileSync(path, text);
  return path;
}
