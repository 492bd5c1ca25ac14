import { existsSync, readFileSync } from 'node:fs';
import { cp, mkdir, mkdtemp, readdir, rename, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { output } from './run';
import { eventually } from '../../support/eventually';

const CHECKOUT = resolve(__dirname, '..', '..', '..');

/** A stranger's folder, with `dist-io` installed from the tarball and nothing else of this checkout in reach. */
export interface Project {
  folder: string;
  write(files: Files): Promise<void>;
  rename(from: string, to: string): Promise<void>;
}

/** Contents by path. */
export type Files = Readonly<Record<string, string>>;

/** @param tools packages of the checkout that are installed there as well */
export async function createProject(files: Files, tools: readonly string[] = []): Promise<Project> {
  const { root } = await install();
  const folder = await mkdtemp(join(root, 'project-'));
  await linkPackages(join(root, 'node_modules'), join(folder, 'node_modules'), tools);
  const project: Project = {
    folder,
    write: async (more) => {
      for (const [path, text] of Object.entries(more)) {
        await mkdir(dirname(join(folder, path)), { recursive: true });
        await writeFile(join(folder, path), text);
      }
    },
    rename: (from, to) => rename(join(folder, from), join(folder, to)),
  };
  await project.write(files);
  return project;
}

/** The packed package. */
export async function tarball(): Promise<string> {
  return (await install()).tarball;
}

/** Takes all that it can from npm's cache, where `npm ci` has put what is needed, and asks nobody for more. */
export const NPMRC = 'prefer-offline=true\naudit=false\nfund=false\nupdate-notifier=false\npackage-lock=false\n';

interface Installation {
  /** A folder in which the package was installed. */
  root: string;
  tarball: string;
}

let installation: Promise<Installation> | undefined;

/** Once for the whole run, whose temporary folder the last hook removes. */
function install(): Promise<Installation> {
  return (installation ??= packAndInstall());
}

/** The temporary folder of the run: the workers of a parallel one have their own folders in it. */
const SHARED = process.env.MOCHA_WORKER_ID === undefined ? tmpdir() : dirname(tmpdir());

async function packAndInstall(): Promise<Installation> {
  const root = join(SHARED, 'installed');
  const tarball = join(root, 'dist-io.tgz');
  const installed = join(root, 'done');
  const isFirst = await mkdir(root).then(
    () => true,
    () => false,
  );
  if (isFirst) {
    // Without scripts: they would build anew what the other tests are using.
    await output(CHECKOUT, 'npm', 'pack', '--ignore-scripts', '--pack-destination', root);
    const [packed] = await readdir(root);
    await rename(join(root, packed), tarball);
    await writeFile(join(root, 'package.json'), '{ "private": true }\n');
    await writeFile(join(root, '.npmrc'), NPMRC);
    await output(root, 'npm', 'install', '--ignore-scripts', '--no-save', tarball);
    await writeFile(installed, '');
  }
  await eventually(() => existsSync(installed), 60_000);
  return { root, tarball };
}

/** As if all of them had been installed into `modules`, without the time that this takes. */
async function linkPackages(installed: string, modules: string, tools: readonly string[]): Promise<void> {
  await mkdir(join(modules, '.bin'), { recursive: true });
  for (const name of await readdir(installed)) {
    if (name.startsWith('.')) continue;
    // A link would look for its optional peer beside its target.
    if (name === 'dist-io' && tools.includes('inversify')) await cp(join(installed, name), join(modules, name), { recursive: true });
    else await symlink(join(installed, name), join(modules, name));
  }
  for (const name of tools) {
    await mkdir(dirname(join(modules, name)), { recursive: true });
    await symlink(join(CHECKOUT, 'node_modules', name), join(modules, name));
  }
  for (const name of ['dist-io', ...tools]) {
    const { bin } = JSON.parse(readFileSync(join(modules, name, 'package.json'), 'utf8')) as { bin?: Files | string };
    const commands = typeof bin === 'string' ? { [name]: bin } : (bin ?? {});
    for (const [command, path] of Object.entries(commands)) await symlink(join('..', name, path), join(modules, '.bin', command));
  }
}
