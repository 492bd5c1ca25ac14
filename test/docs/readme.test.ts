import { readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { expect } from 'chai';
import * as distIO from 'dist-io';
import ts from 'typescript';
import { createProject } from '../package/support/project';
import { output } from '../package/support/run';
import { snippetsOf } from './snippets';

const README = readFileSync(join(__dirname, '..', '..', 'README.md'), 'utf8');

const snippets = snippetsOf(README);
const code = snippets.filter(({ language }) => language === 'js' || language === 'ts');

/** The programs are ES modules where they are TypeScript, and CommonJS where they are JavaScript. */
const compilerOptions = {
  target: 'es2022',
  module: 'nodenext',
  types: ['node'],
  strict: true,
  noEmit: true,
  skipLibCheck: true,
  experimentalDecorators: true,
};

describe('README', () => {
  let folder: string;

  before(async () => {
    const files: Record<string, string> = { 'tsconfig.json': JSON.stringify({ compilerOptions }) };
    for (const { file, language, text } of snippets) {
      if (file === undefined) continue;
      files[file] = text;
      if (language === 'ts') files[join(dirname(file), 'package.json')] = '{ "type": "module" }';
    }
    const tools = ['tsx', 'typescript', '@types/node', 'undici-types', 'inversify'];
    ({ folder } = await createProject(files, tools));
  });

  for (const { printedBy, text } of snippets) {
    if (printedBy === undefined) continue;
    it(`${printedBy} - prints the output shown in the README`, async () => {
      const loader = printedBy.endsWith('.ts') ? ['--import', 'tsx'] : [];
      const folderOfIt = join(folder, dirname(printedBy));
      expect(await output(folderOfIt, process.execPath, ...loader, join(folderOfIt, printedBy.split('/')[1]))).to.equal(text);
    });
  }

  it('TypeScript - compiles', async () => {
    expect(await output(folder, process.execPath, require.resolve('typescript/bin/tsc'), '--project', folder)).to.equal('');
  });

  it('programs - every program in the README is run', () => {
    const programs = code.filter(({ text }) => /^import |\brequire\(/m.test(text));
    expect(programs.filter(({ file }) => file === undefined).map(({ line }) => line)).to.deep.equal([]);
    const mains = programs.flatMap(({ file }) => (file !== undefined && /main\.\w+$/.test(file) ? [file] : []));
    expect(snippets.flatMap(({ printedBy }) => printedBy ?? [])).to.deep.equal(mains);
  });

  for (const { line, file, text, language } of code) {
    if (file !== undefined) continue;
    it(`fragment in line ${line} - is valid ${language}`, () => {
      const { diagnostics } = ts.transpileModule(text, { reportDiagnostics: true, fileName: `fragment.${language}` });
      expect(diagnostics?.map(({ messageText }) => messageText)).to.deep.equal([]);
    });
  }

  it('errors - the table lists every error class', () => {
    const table = section('When something goes wrong');
    const errors = Object.entries(distIO).filter(
      ([, value]) => typeof value === 'function' && value.prototype instanceof distIO.DistIOError,
    );
    expect(errors).to.have.length.greaterThan(10);
    for (const [name] of errors) expect(table).to.contain(`\`${name}`);
  });
});

/** From a heading to the next one. */
function section(heading: string): string {
  const [, after] = README.split(new RegExp(`^## ${heading}$`, 'm'));
  return after.split(/^##/m)[0];
}
