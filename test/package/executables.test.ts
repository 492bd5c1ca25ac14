import { execFile } from 'node:child_process';
import { chmodSync, copyFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { expect } from 'chai';
import { createProject, type Project } from './support/project';
import { output, run } from './support/run';

const FILES = {
  'slave.js': `
    const { Slave } = require('dist-io');
    Slave.task('look', () => ({ execPath: process.execPath, electron: process.env.ELECTRON_RUN_AS_NODE }));`,
  // What a single executable application runs may require only what is built in.
  'main.js': `
    const { createRequire } = require('node:module');
    const { Master } = createRequire(process.cwd() + '/')('dist-io');
    console.log('program');
    const slave = Master.createSlave('./slave.js', JSON.parse(process.env.OPTIONS ?? '{}'));
    slave.exec('look').then(async ({ value, error }) => {
      console.log(error === null ? JSON.stringify(value) : error.code + ' ' + error.message);
      await Master.exit();
    });`,
  'electron.js': `
    Object.defineProperty(process.versions, 'electron', { value: '40.0.0' });
    require('./main.js');`,
  'sea.json': '{ "main": "main.js", "output": "sea.blob", "disableExperimentalSEAWarning": true }',
};

const NODE_AGAIN = `#!/bin/sh\nexec '${process.execPath}' main.js\n`;

const POSTJECT = join(__dirname, '..', '..', 'node_modules', 'postject', 'dist', 'cli.js');

/** What Node looks for in its own binary, to learn whether it carries an application. */
const FUSE = 'NODE_SEA_FUSE_fce680ab2cc467b6e072b8b5df1996b2';

const INSTEAD = `Set the option execPath to the path of a Node executable, or use the option runtime: 'thread'.`;

describe('executables', () => {
  let project: Project;
  let copy: string;
  before(async () => {
    project = await createProject(FILES);
    copy = join(project.folder, 'my-runtime');
    copyFileSync(process.execPath, copy);
  });

  /** Runs the program of a master. @returns the lines that it printed */
  async function printed(command: string[], options = {}): Promise<string[]> {
    const { stdout, stderr, code } = await run(project.folder, '/usr/bin/env', `OPTIONS=${JSON.stringify(options)}`, ...command);
    expect(code, stderr).to.equal(0);
    return stdout.trim().split('\n');
  }

  it('executables - a copy of Node by another name is Node', async () => {
    expect(await printed([copy, 'main.js'])).to.deep.equal(['program', JSON.stringify({ execPath: copy })]);
  });

  for (const execPath of ['absolute', './my-runtime']) {
    it(`executables - execPath is the executable of a process: ${execPath}`, async () => {
      const options = { execPath: execPath === 'absolute' ? copy : execPath, cwd: '/' };
      expect(await printed([process.execPath, 'main.js'], options)).to.deep.equal(['program', JSON.stringify({ execPath: copy })]);
    });
  }

  it('executables - an execPath that does not exist is a SpawnError', async () => {
    const [, error] = await printed([process.execPath, 'main.js'], { execPath: '/no/such/node' });
    expect(error)
      .to.match(/^SPAWN_FAILED .* executable \/no\/such\/node does not exist/)
      .and.to.contain(INSTEAD);
    const [, unknown] = await printed([process.execPath, 'main.js'], { execPath: 'no-such-node' });
    expect(unknown).to.match(/^SPAWN_FAILED .*no-such-node/);
  });

  it('executables - the executable of Electron is started as Node', async () => {
    const [, value] = await printed([process.execPath, 'electron.js']);
    expect(JSON.parse(value)).to.include({ electron: '1' });
  });

  it(`executables - one that starts the master's program again does so once, and is a SpawnError`, async () => {
    const program = join(project.folder, 'program.sh');
    writeFileSync(program, NODE_AGAIN);
    chmodSync(program, 0o755);
    const lines = await printed([process.execPath, 'main.js'], { execPath: program });
    expect(lines.slice(0, 2)).to.deep.equal(['program', 'program']);
    expect(lines.slice(2).join())
      .to.match(/^SPAWN_FAILED .* is not Node/)
      .and.to.contain(INSTEAD);
  });

  describe('a single executable application', () => {
    let app: string;
    before(async function () {
      // Injecting into a hundred megabytes takes seconds, on a busy machine many.
      this.timeout(300_000);
      if (process.platform !== 'linux') this.skip();
      await output(project.folder, process.execPath, '--experimental-sea-config', 'sea.json');
      app = join(project.folder, 'app');
      copyFileSync(process.execPath, app);
      const args = [POSTJECT, app, 'NODE_SEA_BLOB', 'sea.blob', '--sentinel-fuse', FUSE];
      await promisify(execFile)(process.execPath, args, { cwd: project.folder });
    });

    it('executables - its slave processes are a SpawnError that names the alternatives', async () => {
      const [first, error, ...more] = await printed([app]);
      expect([first, ...more]).to.deep.equal(['program']);
      expect(error)
        .to.match(/^SPAWN_FAILED .* single executable application/)
        .and.to.contain(INSTEAD);
    });

    for (const options of [{ execPath: process.execPath }, { runtime: 'thread' }, { runtime: 'inline' }]) {
      it(`executables - its slaves start with ${Object.keys(options).join()} ${Object.values(options).join()}`, async () => {
        const [, value] = await printed([app], options);
        expect(JSON.parse(value)).to.deep.equal({ execPath: options.execPath ?? app });
      });
    }
  });
});
