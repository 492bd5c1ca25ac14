import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import ts from 'typescript';

const ROOT = join(__dirname, '..', '..');

/** A name that the package exports, as its built declarations say. */
export interface Exported {
  name: string;
  /** Whether it is a class that users hold instances of. */
  isClass: boolean;
  isFunction: boolean;
  /** What is public in it, without what it has from Node or JavaScript. */
  members: string[];
  /** Those of `members` that it declares itself. */
  own: string[];
}

let read: Map<string, Exported> | undefined;

/** All public names by name. Reading them takes two seconds, so it is done once. */
export function declarations(): Map<string, Exported> {
  return (read ??= readDeclarations());
}

function readDeclarations(): Map<string, Exported> {
  const program = ts.createProgram(entries(), { module: ts.ModuleKind.Node20, types: ['node'] });
  const checker = program.getTypeChecker();
  const found = new Map<string, Exported>();
  for (const entry of entries()) {
    const module = checker.getSymbolAtLocation(program.getSourceFile(entry) as ts.Node) as ts.Symbol;
    for (const symbol of checker.getExportsOfModule(module)) found.set(symbol.name, describe(checker, symbol));
  }
  return found;
}

/** Where `package.json` says that declarations are. */
function entries(): string[] {
  const { exports } = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8')) as { exports: object };
  const paths = JSON.stringify(exports).matchAll(/"types":"([^"]+\.d\.ts)"/g);
  return Array.from(paths, ([, path]) => join(ROOT, path));
}

function describe(checker: ts.TypeChecker, exported: ts.Symbol): Exported {
  const symbol = exported.flags & ts.SymbolFlags.Alias ? checker.getAliasedSymbol(exported) : exported;
  const type = checker.getDeclaredTypeOfSymbol(symbol);
  const value = symbol.valueDeclaration === undefined ? undefined : checker.getTypeOfSymbol(symbol);
  const properties = checker.getPropertiesOfType(type).filter(isPublic);
  return {
    name: exported.name,
    // `interface Master extends MasterOfItsOwn {}` gives a class of the inside its public name.
    isClass: type.isClass() || (type.isClassOrInterface() && checker.getBaseTypes(type).some((base) => base.isClass())),
    isFunction: (value?.getCallSignatures().length ?? 0) > 0 && value?.getConstructSignatures().length === 0,
    members: properties.map(({ name }) => name),
    own: properties.filter(({ escapedName }) => symbol.members?.has(escapedName)).map(({ name }) => name),
  };
}

/** Declared by this package, and neither private nor the name of a symbol. */
function isPublic({ name, declarations = [] }: ts.Symbol): boolean {
  const hidden = ts.ModifierFlags.Private | ts.ModifierFlags.Protected;
  const isShown = (one: ts.Declaration) =>
    one.getSourceFile().fileName.startsWith(join(ROOT, 'dist')) && !(ts.getCombinedModifierFlags(one) & hidden);
  return !/^(__@|#)/.test(name) && declarations.some(isShown);
}
