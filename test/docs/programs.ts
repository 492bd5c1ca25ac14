import { readFileSync } from 'node:fs';
import { basename, dirname, extname, join } from 'node:path';
import { expect } from 'chai';
import ts from 'typescript';
import { createProject, type Project } from '../package/support/project';
import { output } from '../package/support/run';
import { TYPES } from '../package/support/tools';
import { type Snippet, snippetsOf } from './snippets';

const EXAMPLES = join(__dirname, '..', '..', 'examples');

/** The packages that the programs of the documentation use besides dist-io. */
const TOOLS = [
  'tsx',
  'mocha',
  'chai',
  '@types/mocha',
  '@types/chai',
  ...TYPES,
  'inversify',
  '@opentelemetry/api',
  '@opentelemetry/sdk-trace-node',
];

const compilerOptions = {
  target: 'es2022',
  module: 'nodenext',
  types: ['node', 'mocha'],
  strict: true,
  noEmit: true,
  skipLibCheck: true,
  experimentalDecorators: true,
};

/** Defines the tests of all programs of a Markdown page. */
export function testPrograms(page: string, markdown: string): void {
  const snippets = snippetsOf(markdown);
  const code = snippets.filter(({ language }) => language === 'js' || language === 'ts');
  let project: Project;

  before(async () => {
    project = await createProject(filesOf(snippets), TOOLS);
  });

  for (const { printedBy, text } of snippets) {
    if (printedBy === undefined) continue;
    it(`${printedBy} - prints the output shown in ${page}`, async () => {
      const loader = extname(printedBy) === '.ts' ? ['--import', 'tsx'] : [];
      const program = join(project.folder, printedBy);
      expect(await output(dirname(program), process.execPath, ...loader, program)).to.equal(text);
    });
  }

  for (const folder of typeScriptFolders(snippets)) {
    it(`${folder} - compiles`, async () => {
      const path = join(project.folder, folder);
      expect(await output(path, process.execPath, require.resolve('typescript/bin/tsc'), '--project', path)).to.equal('');
    });
  }

  for (const { file } of snippets) {
    if (file?.endsWith('.test.ts') !== true) continue;
    it(`${file} - passes as a test`, async () => {
      const mocha = join(project.folder, 'node_modules/mocha/bin/mocha.js');
      const folder = join(project.folder, dirname(file));
      expect(await output(folder, process.execPath, mocha, '--require', 'tsx', basename(file))).to.match(/ [1-9]\d* passing/);
    });
  }

  it(`programs - every program in ${page} is run`, () => {
    const programs = code.filter(({ text, example }) => example === undefined && /^import |\brequire\(/m.test(text));
    expect(programs.filter(({ file }) => file === undefined).map(({ line }) => line)).to.deep.equal([]);
    const mains = programs.flatMap(({ file }) => (file !== undefined && /main\.[jt]s$/.test(file) ? [file] : []));
    expect(snippets.flatMap(({ printedBy }) => printedBy ?? [])).to.deep.equal(mains);
  });

  for (const { example, text } of snippets) {
    if (example === undefined) continue;
    it(`examples/${example} - is the program shown in ${page}`, () => {
      expect(text).to.equal(readFileSync(join(EXAMPLES, example), 'utf8'));
    });
  }

  for (const { line, file, text, language } of code) {
    // A shortened fragment has an ellipsis, which no parser takes.
    if (file !== undefined || text.includes('…')) continue;
    it(`fragment in line ${line} - is valid ${language}`, () => {
      const { diagnostics } = ts.transpileModule(text, { reportDiagnostics: true, fileName: `fragment.${language}` });
      expect(diagnostics?.map(({ messageText }) => messageText)).to.deep.equal([]);
    });
  }
}

/** The files of the programs. A folder with a `main.ts` is an ES module; a page may show its own `tsconfig.json`. */
function filesOf(snippets: readonly Snippet[]): Record<string, string> {
  const files: Record<string, string> = {};
  for (const { file, text } of snippets) {
    if (file === undefined) continue;
    files[file] = text;
    if (basename(file) === 'main.ts') files[join(dirname(file), 'package.json')] = '{ "type": "module" }';
  }
  for (const folder of typeScriptFolders(snippets)) files[join(folder, 'tsconfig.json')] ??= JSON.stringify({ compilerOptions });
  return files;
}

function typeScriptFolders(snippets: readonly Snippet[]): string[] {
  const folders = snippets.flatMap(({ file }) => (file !== undefined && extname(file) === '.ts' ? [dirname(file)] : []));
  return [...new Set(folders)];
}
