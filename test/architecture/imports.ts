import { readdirSync, readFileSync } from 'node:fs';
import { join, posix, sep } from 'node:path';
import ts from 'typescript';

const ROOT = join(__dirname, '..', '..');

/** One place where a file names another module, types included. */
export interface Import {
  /** The importing file, from the root of the checkout: `src/slave/task-server.ts`. */
  file: string;
  line: number;
  /** What it names: a file of `src` without its extension (`src/errors`), or the name of a package or of a module of Node. */
  target: string;
  /** Whether nothing of it is left after compilation. */
  isType: boolean;
}

/** The files of `src`, from the root of the checkout. */
export function sourceFiles(): string[] {
  return readdirSync(join(ROOT, 'src'), { recursive: true, encoding: 'utf8' })
    .filter((file) => /\.[cm]?ts$/.test(file))
    .map((file) => posix.join('src', file.split(sep).join('/')))
    .sort();
}

export function textOf(file: string): string {
  return readFileSync(join(ROOT, file), 'utf8');
}

/** Everything that a source imports, in whatever way it is written. */
export function importsOf(file: string, text: string): Import[] {
  const source = ts.createSourceFile(file, text, ts.ScriptTarget.Latest, true);
  const imports: Import[] = [];
  const visit = (node: ts.Node): void => {
    const specifier = specifierOf(node);
    if (specifier !== undefined) {
      const line = source.getLineAndCharacterOfPosition(node.getStart()).line + 1;
      imports.push({ file, line, target: targetOf(file, specifier), isType: isTypeOnly(node) });
    }
    node.forEachChild(visit);
  };
  visit(source);
  return imports;
}

function specifierOf(node: ts.Node): string | undefined {
  // import … from '…'; import '…'; export … from '…'
  if (ts.isImportDeclaration(node) || ts.isExportDeclaration(node)) return textOfLiteral(node.moduleSpecifier);
  // typeof import('…')
  if (ts.isImportTypeNode(node) && ts.isLiteralTypeNode(node.argument)) return textOfLiteral(node.argument.literal);
  // import x = require('…')
  if (ts.isExternalModuleReference(node)) return textOfLiteral(node.expression);
  // require('…'), require.resolve('…'), import('…')
  if (ts.isCallExpression(node)) {
    const called = node.expression.getText();
    if (called === 'require' || called === 'require.resolve' || called === 'import') return textOfLiteral(node.arguments[0]);
  }
  return undefined;
}

function isTypeOnly(node: ts.Node): boolean {
  if (ts.isImportTypeNode(node)) return true;
  if (ts.isExportDeclaration(node)) return node.isTypeOnly;
  if (!ts.isImportDeclaration(node) || node.importClause === undefined) return false;
  const { phaseModifier, name, namedBindings: names } = node.importClause;
  if (phaseModifier === ts.SyntaxKind.TypeKeyword) return true;
  return name === undefined && names !== undefined && ts.isNamedImports(names) && names.elements.every((element) => element.isTypeOnly);
}

function textOfLiteral(node: ts.Node | undefined): string | undefined {
  return node !== undefined && ts.isStringLiteralLike(node) ? node.text : undefined;
}

function targetOf(file: string, specifier: string): string {
  if (specifier.startsWith('.')) return posix.join(posix.dirname(file), specifier).replace(/\.[cm]?js$/, '');
  return specifier.replace(/^node:/, '');
}
