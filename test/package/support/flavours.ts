import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { createProject, type Files, type Project } from './project';
import { TS_NODE, TSX } from './tools';

const PROGRAMS = join(__dirname, '..', 'programs');

/** A way in which people write their programs, and start them. */
export interface Flavour {
  name: string;
  extension: string;
  /** What such a project has besides the program. */
  files: Files;
  /** What it has installed besides dist-io. */
  tools: readonly string[];
  /** How `main` is started: arguments of node. */
  start: readonly string[];
}

const tsconfig = JSON.stringify({ compilerOptions: { target: 'es2022', module: 'nodenext', types: ['node'], strict: true } });

const COMMONJS: Files = {};
const MODULE: Files = { 'package.json': '{ "type": "module" }' };

export const JAVASCRIPT: readonly Flavour[] = [
  { name: 'CommonJS', extension: 'js', files: COMMONJS, tools: [], start: [] },
  { name: 'ES modules by .mjs', extension: 'mjs', files: {}, tools: [], start: [] },
  { name: 'ES modules by "type": "module"', extension: 'js', files: MODULE, tools: [], start: [] },
];

const TYPED: Files = { 'tsconfig.json': tsconfig };

export const TYPESCRIPT: readonly Flavour[] = [
  {
    name: 'TypeScript under ts-node, as CommonJS',
    extension: 'ts',
    files: TYPED,
    tools: TS_NODE,
    start: ['node_modules/ts-node/dist/bin.js', '--transpile-only'],
  },
  {
    name: 'TypeScript under ts-node, as ES modules',
    extension: 'ts',
    files: { ...TYPED, ...MODULE },
    tools: TS_NODE,
    start: ['--loader', 'ts-node/esm/transpile-only'],
  },
  {
    name: 'TypeScript under tsx, as CommonJS',
    extension: 'ts',
    files: TYPED,
    tools: TSX,
    start: ['node_modules/tsx/dist/cli.mjs'],
  },
  {
    name: 'TypeScript under tsx, as ES modules',
    extension: 'ts',
    files: { ...TYPED, ...MODULE },
    tools: TSX,
    start: ['--import', 'tsx'],
  },
];

/** A project with one of the documented programs, written in this flavour. */
export function programIn(flavour: Flavour, program: string): Promise<Project> {
  const folder = join(PROGRAMS, program);
  const texts = readdirSync(folder).map((file) => [file, readFileSync(join(folder, file), 'utf8')] as const);
  const asWritten = flavour.extension === 'js' && flavour.files === COMMONJS;
  const files = asWritten
    ? texts
    : texts.map(([file, text]) => [file.replace(/js$/, flavour.extension), translate(text, flavour.extension)]);
  return createProject({ ...flavour.files, ...(Object.fromEntries(files) as Files) }, flavour.tools);
}

/** The documentation speaks CommonJS; all that differs elsewhere is how a file is imported, and what it is called. */
function translate(text: string, extension: string): string {
  return text
    .replace(/const (\w+) = require\('dist-io'\)\.(\w+);/g, `import { $2 as $1 } from 'dist-io';`)
    .replace(/'(\.\/[\w-]+)\.js'/g, `'$1.${extension}'`);
}
