import { join } from 'node:path';
import { expect } from 'chai';
import { build, type BuildOptions, stop } from 'esbuild';
import { createProject, type Project } from './support/project';
import { output } from './support/run';

const FILES = {
  'slave.js': `
    const { Slave } = require('dist-io');
    Slave.task('greet', (name) => 'Hello ' + name);`,
  'main.js': `
    const { Master } = require('dist-io');
    const { join } = require('node:path');
    const slave = Master.createSlave(join(__dirname, 'slave.js'), { runtime: process.argv[2] });
    slave.exec('greet', 'Ann').then(async ({ value, error }) => {
      console.log(error === null ? value : error.code + ' ' + error.message);
      await Master.exit();
    });`,
  'slave.mjs': `
    import { Slave } from 'dist-io';
    Slave.task('greet', (name) => 'Hello ' + name);`,
  'main.mjs': `
    import { Master } from 'dist-io';
    const slave = Master.createSlave(new URL('./slave.mjs', import.meta.url), { runtime: process.argv[2] });
    slave.exec('greet', 'Ann').then(async ({ value, error }) => {
      console.log(error === null ? value : error.code + ' ' + error.message);
      await Master.exit();
    });`,
};

describe('bundlers', () => {
  let project: Project;
  before(async () => {
    project = await createProject(FILES);
  });

  after(() => stop());

  /** Bundles the files by themselves, each into a file of its name. */
  async function bundle(folder: string, files: string[], options: BuildOptions = {}): Promise<void> {
    const entryPoints = files.map((file) => join(project.folder, file));
    const outdir = join(project.folder, folder);
    await build({ entryPoints, outdir, bundle: true, platform: 'node', logLevel: 'silent', external: ['dist-io'], ...options });
  }

  const run = async (file: string, runtime: string) => (await output(project.folder, process.execPath, file, runtime)).trim();

  before(async () => {
    await bundle('external', ['main.js', 'slave.js']);
    await bundle('modules', ['main.mjs', 'slave.mjs'], { format: 'esm', outExtension: { '.js': '.mjs' } });
    await bundle('whole', ['main.js', 'slave.js'], { external: [] });
    await bundle('mixed', ['main.js']);
    await bundle('mixed', ['slave.js'], { external: [] });
  });

  for (const runtime of ['process', 'thread', 'inline']) {
    it(`bundlers - with dist-io as an external, a bundled slave works: ${runtime}`, async () => {
      expect(await run('external/main.js', runtime)).to.equal('Hello Ann');
      expect(await run('modules/main.mjs', runtime)).to.equal('Hello Ann');
    });

    it(`bundlers - with dist-io in the bundle, a slave is a SpawnError that says what to do: ${runtime}`, async () => {
      expect(await run('whole/main.js', runtime)).to.match(/^SPAWN_FAILED .* dist-io is part of a bundle.* external .*docs\/bundlers\.md/);
    });

    it(`bundlers - with a copy of dist-io in the bundle of the slave alone, it works: ${runtime}`, async () => {
      expect(await run('mixed/main.js', runtime)).to.equal('Hello Ann');
    });
  }
});
