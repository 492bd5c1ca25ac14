import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'chai';
import { type CompilerOptions, ModuleKind, ModuleResolutionKind, ScriptTarget } from 'typescript';
import { createProject, type Project } from './support/project';
import { INVERSIFY, TYPES } from './support/tools';
import { diagnosticsOf } from '../types/support/diagnostics';

const CONSUMERS = join(__dirname, '..', 'consumers');
const SOURCES = readdirSync(CONSUMERS);

const WORLDS: Record<string, CompilerOptions> = {
  // eslint-disable-next-line @typescript-eslint/no-deprecated -- what many projects still compile with
  node10: { module: ModuleKind.CommonJS, moduleResolution: ModuleResolutionKind.Node10, ignoreDeprecations: '6.0' },
  node16: { module: ModuleKind.Node16, moduleResolution: ModuleResolutionKind.Node16 },
  nodenext: { module: ModuleKind.NodeNext, moduleResolution: ModuleResolutionKind.NodeNext },
  bundler: { module: ModuleKind.ESNext, moduleResolution: ModuleResolutionKind.Bundler },
};

describe('the installed types', () => {
  let project: Project;

  // Each program as a CommonJS and as an ES module.
  before(async () => {
    const texts = SOURCES.map((file) => [file, readFileSync(join(CONSUMERS, file), 'utf8')] as const);
    const files = ['.cts', '.mts'].flatMap((extension) => texts.map(([file, text]) => [file.replace('.ts', extension), text]));
    project = await createProject(Object.fromEntries(files) as Record<string, string>, [...TYPES, ...INVERSIFY]);
  });

  for (const [world, options] of Object.entries(WORLDS)) {
    for (const extension of ['.cts', '.mts']) {
      it(`${world} - ${extension} files and the declarations they import compile`, () => {
        const files = SOURCES
          // A CommonJS file may not import an ES module, such as inversify, before nodenext.
          .filter((file) => !(world === 'node16' && extension === '.cts' && file === 'injection.ts'))
          .map((file) => join(project.folder, file.replace('.ts', extension)));
        const target = { target: ScriptTarget.ES2022, lib: ['lib.es2022.d.ts'], experimentalDecorators: true };
        const diagnostics = diagnosticsOf(files, { ...target, ...options });
        // inversify itself does not resolve under node10; dist-io/inversify does.
        const ours = diagnostics.filter((text) => world !== 'node10' || !text.includes('node_modules/inversify/'));
        expect(ours).to.deep.equal([]);
      });
    }
  }
});
