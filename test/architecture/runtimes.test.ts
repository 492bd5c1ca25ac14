import { expect } from 'chai';
import ts from 'typescript';
import { RUNTIMES } from '../../src/channel/runtimes';
import { sourceFiles, textOf } from './imports';

/**
 * The places that name a runtime: a string such as `'thread'`, or a key of a table. A default may: it is the value of `runtime`.
 * `RUNTIMES.thread` is the table of `channel/` itself.
 */
function namedRuntimes(file: string, text: string): string[] {
  const source = ts.createSourceFile(file, text, ts.ScriptTarget.Latest, true);
  const places: string[] = [];
  const visit = (node: ts.Node): void => {
    if (namesRuntime(node))
      places.push(`${file}:${source.getLineAndCharacterOfPosition(node.getStart()).line + 1} names ${node.getText()}`);
    node.forEachChild(visit);
  };
  visit(source);
  return places;
}

function namesRuntime(node: ts.Node): boolean {
  const { parent } = node;
  const isDefault = ts.isStringLiteral(node) && ts.isPropertyAssignment(parent) && parent.name.getText() === 'runtime';
  const isKey = ts.isIdentifier(node) && (ts.isPropertyAssignment(parent) || ts.isMethodDeclaration(parent)) && parent.name === node;
  return !isDefault && (isKey || ts.isStringLiteralLike(node)) && Object.hasOwn(RUNTIMES, node.text);
}

describe('runtimes', () => {
  it('branches - no folder but channel depends on the name of a runtime', () => {
    const outside = sourceFiles().filter((file) => !file.startsWith('src/channel/'));
    expect(outside.flatMap((file) => namedRuntimes(file, textOf(file)))).to.deep.equal([]);
  });

  for (const line of [
    "if (config.runtime === 'process') start();",
    "switch (runtime) { case 'thread': start(); }",
    "function start(runtime: 'process' | undefined): void {}",
    'const folders = { inline: 1 };',
    'const openers = { thread() {} };',
    "const isOutside = ['process'].includes(runtime);",
  ]) {
    it(`reading - finds the runtime in: ${line}`, () => {
      expect(namedRuntimes('src/spawn/fake.ts', line)).to.have.length(1);
    });
  }

  it('reading - ignores defaults, modules and the global process', () => {
    const text = "import process from 'node:process';\nconst options = { runtime: 'process', id: process.pid };\n/** Not 'thread'. */";
    expect(namedRuntimes('src/spawn/fake.ts', text)).to.deep.equal([]);
  });
});
