import { readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'chai';
import { createProject, NPMRC, tarball } from '../package/support/project';
import { output } from '../package/support/run';

const CHECKOUT = join(__dirname, '..', '..');
const TEMPLATES = join(CHECKOUT, 'templates');

/** What every project has, being dist-io and what it depends on. */
const OWN = new Set(['dist-io', ...Object.keys(readPackage(CHECKOUT).dependencies)]);

interface PackageJson {
  dependencies: Record<string, string>;
  devDependencies?: Record<string, string>;
}

function readPackage(folder: string): PackageJson {
  return JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8')) as PackageJson;
}

/** The command lines of a template's README. */
function commandsOf(template: string): string[] {
  return Array.from(readFileSync(join(TEMPLATES, template, 'README.md'), 'utf8').matchAll(/```sh\n(.*)\n```/g), ([, command]) => command);
}

/** Starts a project from a template, by the command that a stranger would use. */
async function copyOf(template: string, tools: readonly string[] = []): Promise<string> {
  const { folder } = await createProject({}, tools);
  await output(folder, join('node_modules', '.bin', 'dist-io'), 'init', template);
  return folder;
}

const INSTALL = 'npm install && ';

describe('templates', () => {
  // What the others need is linked, which takes a fraction of the time.
  it('javascript - installs, runs and passes its tests with the two commands of its README', async () => {
    const folder = await copyOf('javascript');
    rmSync(join(folder, 'node_modules'), { recursive: true });
    // This version of dist-io may not be published yet.
    const content = readPackage(folder);
    content.dependencies['dist-io'] = `file:${await tarball()}`;
    writeFileSync(join(folder, 'package.json'), JSON.stringify(content));
    writeFileSync(join(folder, '.npmrc'), NPMRC);
    const [run, test] = commandsOf('javascript');
    expect(await output(folder, 'sh', '-c', run)).to.contain(RESULT);
    expect(await output(folder, 'sh', '-c', test)).to.match(PASSED);
  });

  for (const template of readdirSync(TEMPLATES)) {
    const { dependencies, devDependencies } = readPackage(join(TEMPLATES, template));

    it(`${template} - depends on the versions it is tested with`, () => {
      const own = readPackage(CHECKOUT);
      expect({ 'dist-io': '*', ...own.dependencies, ...own.devDependencies }).to.include({ ...dependencies, ...devDependencies });
    });

    if (template === 'javascript') continue;

    it(`${template} - runs and passes its tests with the two commands of its README, with its dependencies linked`, async () => {
      const commands = commandsOf(template);
      expect(commands).to.have.length(2);
      for (const command of commands) expect(command.startsWith(INSTALL), command).to.equal(true);
      const [run, test] = commands.map((command) => command.slice(INSTALL.length));
      const tools = Object.keys({ ...dependencies, ...devDependencies }).filter((name) => !OWN.has(name));
      const folder = await copyOf(template, tools);
      expect(await output(folder, 'sh', '-c', run)).to.contain(RESULT);
      expect(await output(folder, 'sh', '-c', test)).to.match(PASSED);
    });
  }
});

const RESULT = 'There are 148933 primes below 2000000.\n';
const PASSED = /\bpass [1-9]/;
