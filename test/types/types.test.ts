import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'chai';
import { ModuleKind, ModuleResolutionKind, ScriptTarget } from 'typescript';
import { diagnosticsOf } from './support/diagnostics';

/** `mistakes` has a line for each that must not compile, marked as such: it is an error when it does. */
const FILES = ['expected', 'mistakes'].flatMap((folder) =>
  readdirSync(join(__dirname, folder)).map((file) => join(__dirname, folder, file)),
);

describe('types', () => {
  for (const [dialect, experimentalDecorators] of [
    ['legacy', true],
    ['standard', false],
  ] as const) {
    it(`${dialect} decorators - correct programs compile and mistakes do not`, () => {
      const options = {
        target: ScriptTarget.ES2022,
        lib: ['lib.es2023.d.ts'],
        module: ModuleKind.Node20,
        moduleResolution: ModuleResolutionKind.Node16,
        experimentalDecorators,
      };
      expect(diagnosticsOf(FILES, options)).to.deep.equal([]);
    });
  }
});
