import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'chai';
import { createProject, type Files, type Project } from '../package/support/project';
import { output, run } from '../package/support/run';

const CLI = join('node_modules', '.bin', 'dist-io');

const { version } = JSON.parse(readFileSync(join(__dirname, '..', '..', 'package.json'), 'utf8')) as { version: string };

const TEMPLATES = ['classes', 'injection', 'javascript', 'typescript'];

/** Everything below a folder that npm has not put there. */
function contents(folder: string): string[] {
  return (readdirSync(folder, { recursive: true }) as string[]).filter((path) => !path.startsWith('node_modules')).sort();
}

describe('dist-io init', () => {
  let project: Project;
  let folder: string;

  async function start(files: Files = {}): Promise<void> {
    project = await createProject(files);
    ({ folder } = project);
  }

  function json(path: string): Record<string, unknown> {
    return JSON.parse(readFileSync(join(folder, path), 'utf8')) as Record<string, unknown>;
  }

  it('version - prints the version of the package', async () => {
    await start();
    expect(await output(folder, CLI, '--version')).to.equal(`${version}\n`);
  });

  it('list - prints every template with its description', async () => {
    await start();
    const text = await output(folder, CLI, 'init');
    for (const template of TEMPLATES) expect(text).to.match(new RegExp(`^  ${template} +\\w.{10,}$`, 'm'));
    expect(text).to.contain('npx dist-io init <template> <folder>');
  });

  it('unknown template - prints the available templates and writes nothing', async () => {
    await start();
    const { code, stderr } = await run(folder, CLI, 'init', 'typscript', 'app');
    expect(code).to.equal(1);
    expect(stderr).to.contain(`There is no template 'typscript'.`);
    for (const template of TEMPLATES) expect(stderr).to.contain(template);
    expect(contents(folder)).to.deep.equal([]);
  });

  it('copy - copies every file and prints the next commands', async () => {
    await start();
    const text = await output(folder, CLI, 'init', 'typescript', 'app');
    expect(contents(join(folder, 'app'))).to.deep.equal([
      '.gitignore',
      'README.md',
      'package.json',
      'src',
      'src/main.ts',
      'src/primes.test.ts',
      'src/primes.ts',
      'tsconfig.json',
    ]);
    expect(text).to.contain('  cd app\n').and.to.contain('npm install && npm start').and.to.contain('npm install && npm test');
  });

  it('copy - names the package after its folder and depends on this version of dist-io', async () => {
    await start();
    const text = await output(folder, CLI, 'init', 'javascript', 'deep/My App!');
    expect(text).to.contain('  cd "deep/My App!"\n');
    expect(json('deep/My App!/package.json')).to.deep.include({ name: 'my-app', dependencies: { 'dist-io': `^${version}` } });
    expect(json('deep/My App!/package.json')).not.to.have.property('description');
  });

  it('copy - uses the working directory by default', async () => {
    await start({ 'notes.txt': 'mine' });
    const text = await output(folder, CLI, 'init', 'javascript');
    expect(contents(folder)).to.include.members(['notes.txt', 'package.json', 'src/main.js']);
    expect(text).not.to.contain('cd ');
  });

  it('refusal - lists every existing file and copies nothing', async () => {
    const files = { 'app/README.md': 'mine', 'app/src/main.js': 'mine too', 'app/test': 'a file where a folder should be' };
    await start(files);
    const before = contents(folder);
    const { code, stderr } = await run(folder, CLI, 'init', 'javascript', 'app');
    expect(code).to.equal(1);
    expect(stderr).to.match(/^Nothing was copied: app\/README\.md, app\/src\/main\.js, app\/test would be overwritten\./);
    expect(contents(folder)).to.deep.equal(before);
    for (const [path, text] of Object.entries(files)) expect(readFileSync(join(folder, path), 'utf8')).to.equal(text);
  });

  it('refusal - rejects a target that is a file', async () => {
    await start({ app: 'a file' });
    const { code, stderr } = await run(folder, CLI, 'init', 'javascript', 'app');
    expect(code).to.equal(1);
    expect(stderr).to.contain('Nothing was copied: app would be overwritten');
    expect(existsSync(join(folder, 'src'))).to.equal(false);
  });
});
