import { readdirSync, readFileSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { expect } from 'chai';
import { createProject, type Project } from '../package/support/project';
import { output } from '../package/support/run';
import { TYPES } from '../package/support/tools';
import { snippetsOf } from './snippets';

const DOCS = join(__dirname, '..', '..', 'docs');

/** What the programs need besides dist-io. */
const TOOLS = ['tsx', 'mocha', 'chai', '@types/mocha', '@types/chai', ...TYPES, '@opentelemetry/api', '@opentelemetry/sdk-trace-node'];

const compilerOptions = {
  target: 'es2022',
  module: 'node20',
  moduleResolution: 'node16',
  types: ['node', 'mocha'],
  strict: true,
  noEmit: true,
  skipLibCheck: true,
  experimentalDecorators: true,
};

const pages = readdirSync(DOCS).filter((name) => name.endsWith('.md'));

describe('docs', () => {
  for (const page of pages) {
    describe(page, () => {
      const snippets = snippetsOf(readFileSync(join(DOCS, page), 'utf8'));
      let project: Project;
      before(async () => {
        const files: Record<string, string> = {};
        for (const { file, text } of snippets) if (file !== undefined) files[file] = text;
        project = await createProject(files, TOOLS);
      });

      for (const { printedBy, text } of snippets) {
        if (printedBy === undefined) continue;
        it(`${printedBy} - prints the output shown in ${page}`, async () => {
          const folder = join(project.folder, dirname(printedBy));
          expect(await output(folder, process.execPath, join(project.folder, printedBy))).to.equal(text);
        });
      }

      for (const { file } of snippets) {
        if (file?.endsWith('.test.ts') !== true) continue;
        it(`${file} - passes as a test`, async () => {
          const mocha = join(project.folder, 'node_modules/mocha/bin/mocha.js');
          expect(await output(join(project.folder, dirname(file)), process.execPath, mocha, '--require', 'tsx', basename(file))).to.match(
            / [1-9]\d* passing/,
          );
        });
        it(`${file} - compiles`, async () => {
          const folder = join(project.folder, dirname(file));
          await project.write({ [join(dirname(file), 'tsconfig.json')]: JSON.stringify({ compilerOptions }) });
          expect(await output(folder, process.execPath, require.resolve('typescript/bin/tsc'), '--project', folder)).to.equal('');
        });
      }

      it(`programs - every program in ${page} is run`, () => {
        const programs = snippets.filter(({ text }) => /^import |\brequire\(/m.test(text));
        expect(programs.filter(({ file }) => file === undefined).map(({ line }) => line)).to.deep.equal([]);
        const mains = programs.flatMap(({ file }) => (file?.endsWith('main.js') === true ? [file] : []));
        expect(snippets.flatMap(({ printedBy }) => printedBy ?? [])).to.deep.equal(mains);
      });
    });
  }
});
