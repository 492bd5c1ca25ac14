import { constants, copyFileSync, existsSync, mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { basename, join, relative, resolve } from 'node:path';
import { PACKAGE_FOLDER, version } from './package';

const TEMPLATES = join(PACKAGE_FOLDER, 'templates');

/** A file or folder of a template, and its target. */
interface Item {
  from: string;
  to: string;
  isFolder: boolean;
}

interface PackageJson {
  name: string;
  description: string;
  dependencies: Record<string, string>;
}

/**
 * Copies a template into a folder; without a template, lists the templates. Nothing is copied when a file or folder of the same name
 * exists.
 *
 * @throws Error, whose message is for the user
 */
export function init(template: string | undefined, folder: string): void {
  if (template === undefined) {
    console.log(`Templates:\n${list()}\n\nStart with one of them:\n  npx dist-io init <template> <folder>`);
    return;
  }
  if (!templates().includes(template)) throw new Error(`There is no template '${template}'. There are:\n${list()}`);

  const items = plan(join(TEMPLATES, template), resolve(folder));
  const inTheWay = items.filter(isTaken).map(({ to }) => relative('', to) || '.');
  if (inTheWay.length > 0)
    throw new Error(`Nothing was copied: ${inTheWay.join(', ')} would be overwritten. Choose another folder or move what is there.`);

  for (const item of items) copy(item, nameFor(folder) || template);
  const go = relative('', folder);
  console.log(`Copied the template '${template}' into ${go || 'this folder'}. Now run it, and its tests:\n`);
  if (go !== '') console.log(`  cd ${/^[\w./-]+$/.test(go) ? go : `"${go}"`}`);
  console.log('  npm install && npm start\n  npm install && npm test');
}

function templates(): string[] {
  return readdirSync(TEMPLATES).sort();
}

function list(): string {
  return templates()
    .map((name) => `  ${name.padEnd(12)} ${readPackage(join(TEMPLATES, name, 'package.json')).description}`)
    .join('\n');
}

/** Folders come before their contents. */
function plan(from: string, to: string): Item[] {
  if (!statSync(from).isDirectory()) return [{ from, to, isFolder: false }];
  // npm leaves a `.gitignore` out of a package.
  const inside = readdirSync(from).flatMap((name) => plan(join(from, name), join(to, name === 'gitignore' ? '.gitignore' : name)));
  return [{ from, to, isFolder: true }, ...inside];
}

function isTaken({ to, isFolder }: Item): boolean {
  return existsSync(to) && !(isFolder && statSync(to).isDirectory());
}

function copy({ from, to, isFolder }: Item, name: string): void {
  if (isFolder) mkdirSync(to, { recursive: true });
  else if (basename(from) === 'package.json') writeFileSync(to, packageJson(from, name), { flag: 'wx' });
  else copyFileSync(from, to, constants.COPYFILE_EXCL);
}

function packageJson(template: string, name: string): string {
  const content = readPackage(template);
  const dependencies = { ...content.dependencies, 'dist-io': `^${version}` };
  return `${JSON.stringify({ ...content, name, description: undefined, dependencies }, null, 2)}\n`;
}

function readPackage(file: string): PackageJson {
  return JSON.parse(readFileSync(file, 'utf8')) as PackageJson;
}

/** The folder's name, reduced to characters that a package name may have. */
function nameFor(folder: string): string {
  return basename(resolve(folder))
    .toLowerCase()
    .replace(/[^a-z0-9-]+/g, '-')
    .replace(/^-+|-+$/g, '');
}
