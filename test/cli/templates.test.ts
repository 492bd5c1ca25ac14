import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'chai';
import { createProject, NPMRC, tarball } from '../package/support/project';
import { output } from '../package/support/run';

const CHECKOUT = join(__dirname, '..', '..');
const TEMPLATES = join(CHECKOUT, 'templates');

interface PackageJson {
  dependencies: Record<string, string>;
  devDependencies?: Record<string, string>;
}

function readPackage(folder: string): PackageJson {
  return JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8')) as PackageJson;
}

/** A copy of the template, which takes dist-io from the tarball since this version of it may not be published yet. */
async function copyOf(template: string): Promise<string> {
  const { folder } = await createProject({});
  await output(folder, join('node_modules', '.bin', 'dist-io'), 'init', template, 'app');
  const app = join(folder, 'app');
  const content = readPackage(app);
  content.dependencies['dist-io'] = `file:${await tarball()}`;
  writeFileSync(join(app, 'package.json'), JSON.stringify(content));
  writeFileSync(join(app, '.npmrc'), NPMRC);
  return app;
}

/** The command lines of a template's README. */
function commandsOf(template: string): string[] {
  return Array.from(readFileSync(join(TEMPLATES, template, 'README.md'), 'utf8').matchAll(/```sh\n(.*)\n```/g), ([, command]) => command);
}

describe('templates', function () {
  this.timeout(120_000);

  for (const template of readdirSync(TEMPLATES)) {
    it(`${template} - runs and passes its tests by the two commands of its README`, async () => {
      const app = await copyOf(template);
      const [run, test, ...others] = commandsOf(template);
      expect(others).to.deep.equal([]);
      expect(await output(app, 'sh', '-c', run)).to.contain('There are 148933 primes below 2000000.\n');
      expect(await output(app, 'sh', '-c', test)).to.match(/\bpass [1-9]/);
    });

    it(`${template} - asks for the versions that it is tested with`, () => {
      const own = readPackage(CHECKOUT);
      const { dependencies, devDependencies } = readPackage(join(TEMPLATES, template));
      expect({ 'dist-io': '*', ...own.dependencies, ...own.devDependencies }).to.include({ ...dependencies, ...devDependencies });
    });
  }
});
