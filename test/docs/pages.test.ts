import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { expect } from 'chai';
import { createProject, type Project } from '../package/support/project';
import { output } from '../package/support/run';
import { snippetsOf } from './snippets';

const DOCS = join(__dirname, '..', '..', 'docs');

const pages = readdirSync(DOCS).filter((name) => name.endsWith('.md'));

describe('docs', () => {
  for (const page of pages) {
    describe(page, () => {
      const snippets = snippetsOf(readFileSync(join(DOCS, page), 'utf8'));
      let project: Project;
      before(async () => {
        const files: Record<string, string> = {};
        for (const { file, text } of snippets) if (file !== undefined) files[file] = text;
        project = await createProject(files);
      });

      for (const { printedBy, text } of snippets) {
        if (printedBy === undefined) continue;
        it(`${printedBy} - prints what ${page} says`, async () => {
          const folder = join(project.folder, dirname(printedBy));
          expect(await output(folder, process.execPath, join(project.folder, printedBy))).to.equal(text);
        });
      }

      it(`programs - none stands in ${page} that is not run`, () => {
        const programs = snippets.filter(({ text }) => /^import |\brequire\(/m.test(text));
        expect(programs.filter(({ file }) => file === undefined).map(({ line }) => line)).to.deep.equal([]);
        const mains = programs.flatMap(({ file }) => (file?.endsWith('main.js') === true ? [file] : []));
        expect(snippets.flatMap(({ printedBy }) => printedBy ?? [])).to.deep.equal(mains);
      });
    });
  }
});
