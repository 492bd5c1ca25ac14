import { expect } from 'chai';
import { createProject } from './support/project';
import { output } from './support/run';

const FILES = {
  // Takes its time, as an instrumentation or a TypeScript loader does.
  'preload.mjs': `
    await new Promise((resolve) => setTimeout(resolve, 20));
    globalThis.preloaded = true;`,
  'slave.js': `
    const { Slave } = require('dist-io');
    const { preloaded = false } = globalThis;
    Slave.task('look', () => ({ preloaded, isMain: require.main === module, execArgv: process.execArgv }));`,
  'main.js': `
    const { Master } = require('dist-io');
    const options = JSON.parse(process.argv[2]);
    Master.createSlave('./slave.js', options).exec('look').then(async (response) => {
      console.log(JSON.stringify(response.unwrap()));
      await Master.exit();
    });`,
};

describe('preloads of a slave', () => {
  let folder: string;

  before(async () => ({ folder } = await createProject(FILES)));

  async function look(options: object, ...execArgv: string[]): Promise<unknown> {
    return JSON.parse(await output(folder, process.execPath, ...execArgv, 'main.js', JSON.stringify(options)));
  }

  const execArgv = ['--import', './preload.mjs'];

  for (const runtime of ['process', 'thread']) {
    it(`--import of the master, ${runtime} - loads before the slave and is its only preload`, async () => {
      expect(await look({ runtime }, ...execArgv)).to.deep.equal({ preloaded: true, isMain: true, execArgv });
    });

    it(`--import of the slave, ${runtime} - loads before the slave and is its only preload`, async () => {
      expect(await look({ runtime, execArgv })).to.deep.equal({ preloaded: true, isMain: true, execArgv });
    });

    it(`no preload, ${runtime} - the slave sees none`, async () => {
      expect(await look({ runtime })).to.deep.equal({ preloaded: false, isMain: true, execArgv: [] });
    });
  }

  it('--import in NODE_OPTIONS - loads before the slave', async () => {
    expect(await look({ env: { NODE_OPTIONS: '--import ./preload.mjs' } })).to.deep.include({ preloaded: true, execArgv: [] });
  });
});
